using System.Reflection;
using System.Reflection.Emit;

namespace Makemore.Tests.Script;

/// <summary>A folder of scripts, with a script cache of its own, that is gone after the test.</summary>
internal sealed class ScriptFolder : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("makemore-script-").FullName;

    private string CacheFolder => this["cache/makemore-script"];

    public string this[string name] => Path.Combine(root, name);

    /// <summary>The compiled scripts.</summary>
    public FileInfo[] CacheEntries => [.. Cached().Where(file => !IsProfile(file))];

    /// <summary>What the runtime noted of them.</summary>
    public FileInfo[] Profiles => [.. Cached().Where(IsProfile)];

    public void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], text);
    }

    /// <summary>Writes a library whose one class, Library, has one constant, Answer.</summary>
    public void WriteLibrary(string name, int answer)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("Library"), typeof(object).Assembly);
        var type = assembly.DefineDynamicModule("Library").DefineType("Library", TypeAttributes.Public);
        var constant = FieldAttributes.Public | FieldAttributes.Static | FieldAttributes.Literal;
        type.DefineField("Answer", typeof(int), constant).SetConstant(answer);
        type.CreateType();
        assembly.Save(this[name]);
    }

    private FileInfo[] Cached() => Directory.Exists(CacheFolder) ? new DirectoryInfo(CacheFolder).GetFiles() : [];

    private static bool IsProfile(FileInfo file) => file.Extension == ".profile";

    /// <summary>Runs the script host with this folder as the working directory.</summary>
    public Outcome Run(params string[] arguments) => HostProcess.Run(root, this["cache"], arguments);

    public void Dispose() => Directory.Delete(root, recursive: true);
}
