using Makemore.Tests.Script;

namespace Makemore.Tests.Scripts;

/// <summary>Runs the project's scripts under the real host, in a folder with a few names; each is compiled once.</summary>
internal static class ScriptProcess
{
    private const int Words = 300;

    /// <summary>The working directory of the runs. It contains names.txt, so that the options in checkpoints do not depend on the
    /// name of the folder.</summary>
    public static string Folder { get; } = Make();

    /// <summary>A path in the folder.</summary>
    public static string At(params string[] parts) => Path.Combine([Folder, .. parts]);

    /// <summary>Runs a script under the host.</summary>
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
