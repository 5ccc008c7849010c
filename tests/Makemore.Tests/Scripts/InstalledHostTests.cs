using System.Runtime.CompilerServices;
using Makemore.Tests.Script;

namespace Makemore.Tests.Scripts;

/// <summary>Every script with the command that people type, whichever host it starts: the package dotnet-script or the project's
/// own.</summary>
public sealed class InstalledHostTests
{
    private static readonly string Folder = Path.Combine(HostProcess.Repository, "scripts");

    public static TheoryData<string> Trained => [.. ScriptFile.Trained];

    public static TheoryData<string> Others =>
    [
        .. from path in Directory.EnumerateFiles(Folder, "*.csx", SearchOption.AllDirectories)
           let name = Path.ChangeExtension(Path.GetRelativePath(Folder, path), null).Replace('\\', '/')
           where name != "prelude" && !ScriptFile.Trainable.Contains(name) && !name.StartsWith("records/", StringComparison.Ordinal)
           orderby name
           select name,
    ];

    [InstalledHostTheory]
    [MemberData(nameof(Others))]
    public void Script_FromAnotherFolder_PrintsItsHelp(string script)
    {
        var help = Run(ScriptFile.PathOf(script), "-c", "release", "--", "--help");
        Assert.Equal((0, ""), (help.ExitCode, help.Error));
        Assert.Contains($"dotnet script {script}.csx -- ", help.Output);
    }

    [InstalledHostTheory]
    [MemberData(nameof(Trained))]
    public void Script_FromAnotherFolder_TrainsAndSaves(string script)
    {
        var (path, options) = (ScriptFile.PathOf(script.Split(' ')[0]), script.Split(' ')[1..]);
        using var folder = new TemporaryFolder();
        var run = Run(
        [
            "-c", "release", path, "--", .. options, "-i", ScriptProcess.At("names.txt"), "-o", folder["run"], "--max-steps", "3",
            "--report-samples", "20",
        ]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.True(File.Exists(folder["run/model.safetensors"]));
    }

    /// <summary>dotnet-script looks for no library that is not named.</summary>
    [Fact]
    public void Prelude_NamesEveryLibraryOfTheFolder()
    {
        var prelude = File.ReadAllLines(Path.Combine(Folder, "prelude.csx"));
        var libraries = Path.GetDirectoryName(prelude.First(line => line.StartsWith("#r"))[4..])!;
        Assert.Equal(
            Directory.EnumerateFiles(Path.Combine(Folder, libraries), "*.dll").Select(Path.GetFileName).Order(),
            prelude.Where(line => line.StartsWith("#r")).Select(line => Path.GetFileName(line[4..^1])).Order());
    }

    /// <summary>With the cache that this user's scripts have; dotnet-script's is of its own, because it does not see a library
    /// that was built again. Scripts have their full path: dotnet-script 2.0.0 finds no compiled script whose path has "..".</summary>
    private static Script.Outcome Run(params string[] arguments) => HostProcess.Run(
        "dotnet", Path.Combine(HostProcess.Repository, "data"),
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        ["script", .. arguments], ("DOTNET_SCRIPT_CACHE_LOCATION", ScriptProcess.At("dotnet-script")));
}

/// <summary>A theory that needs the command dotnet script, which a build without InstallScriptHost does not have.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class InstalledHostTheoryAttribute : TheoryAttribute
{
    public InstalledHostTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) =>
        Skip = File.Exists(Path.Combine(HostProcess.Repository, ".config", "dotnet-tools.json")) ? null : "dotnet build installs the host.";
}
