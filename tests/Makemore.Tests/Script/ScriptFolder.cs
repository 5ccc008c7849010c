using System.Diagnostics;
using System.Reflection;
using System.Reflection.Emit;

namespace Makemore.Tests.Script;

/// <summary>What a script said and how it ended.</summary>
internal sealed record Outcome(int ExitCode, string Output, string Error);

/// <summary>A folder of scripts, with a script cache of its own, that is gone after the test.</summary>
internal sealed class ScriptFolder : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("makemore-script-").FullName;

    private string CacheFolder => this["cache/makemore-script"];

    public string this[string name] => Path.Combine(root, name);

    public FileInfo[] CacheEntries =>
        Directory.Exists(CacheFolder) ? new DirectoryInfo(CacheFolder).GetFiles() : [];

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

    /// <summary>Runs the script host with this folder as the working directory.</summary>
    public Outcome Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [HostPath(), .. arguments])
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["XDG_CACHE_HOME"] = this["cache"] },
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, WithPlainLines(output), WithPlainLines(error.Result));
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    // The host is built into the folder beside this test's, in the same configuration.
    private static string HostPath()
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.Combine(Repository(), "artifacts", "bin", "Makemore.Script", configuration, "dotnet-script.dll");
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "global.json")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("No folder above has a global.json.");
        return folder.FullName;
    }

    private static string WithPlainLines(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n');
}
