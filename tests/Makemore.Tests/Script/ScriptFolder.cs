using System.Reflection;
using System.Reflection.Emit;

namespace Makemore.Tests.Script;

/// <summary>A folder of scripts with a script cache of its own, deleted after the test.</summary>
internal sealed class ScriptFolder : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("makemore-script-").FullName;

    private string CacheFolder => this["cache/makemore-script"];

    public string this[string name] => Path.Combine(root, name);

    /// <summary>The compiled scripts in the cache.</summary>
    public FileInfo[] CacheEntries => Directory.Exists(CacheFolder) ? new DirectoryInfo(CacheFolder).GetFiles() : [];

    public void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], text);
    }

    /// <summary>Writes a library with one class, Library, with one constant, Answer.</summary>
    public void WriteLibrary(string name, int answer)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("Library"), typeof(object).Assembly);
        var type = assembly.DefineDynamicModule("Library").DefineType("Library", TypeAttributes.Public);
        var constant = FieldAttributes.Public | FieldAttributes.Static | FieldAttributes.Literal;
        type.DefineField("Answer", typeof(int), constant).SetConstant(answer);
        type.CreateType();
        assembly.Save(this[name]);
    }

    /// <summary>Runs the script host with this folder as the working directory.</summary>
    public Outcome Run(params string[] arguments) => HostProcess.Run(root, this["cache"], arguments);

    public void Dispose() => Directory.Delete(root, recursive: true);
}
