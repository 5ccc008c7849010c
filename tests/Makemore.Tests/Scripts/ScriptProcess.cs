using Makemore.Tests.Script;

namespace Makemore.Tests.Scripts;

/// <summary>Scripts of the project run by the real host, in one folder with a few of the names, compiled once.</summary>
internal static class ScriptProcess
{
    private const int Words = 300;

    /// <summary>The working directory of the runs. It holds names.txt, so that the command lines, which checkpoints
    /// repeat, are the same whatever the folder is called.</summary>
    public static string Folder { get; } = Make();

    /// <summary>A place in the folder.</summary>
    public static string At(params string[] parts) => Path.Combine([Folder, .. parts]);

    /// <summary>Runs a script by the host.</summary>
    public static Script.Outcome Run(string script, params string[] arguments) =>
        HostProcess.Run(Folder, At("cache"), [ScriptFile.PathOf(script), .. arguments]);

    private static string Make()
    {
        var folder = Directory.CreateTempSubdirectory("makemore-scripts-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var names = Path.Combine(HostProcess.Repository, "data", "names.txt");
        File.WriteAllLines(Path.Combine(folder, "names.txt"), File.ReadLines(names).Take(Words));
        return folder;
    }
}
