namespace Makemore;

/// <summary>Samples from a run, whatever its model.</summary>
public static class SavedSamples
{
    private const string Name = "sample";

    /// <summary>Starts the script of the run that the first argument names, to sample with the other arguments.</summary>
    /// <param name="arguments">A work dir, then options of the run's script.</param>
    /// <returns>The exit code: the script's, or 1 with a line where there is no run.</returns>
    public static int Show(IEnumerable<string> arguments) => arguments.ToArray() switch
    {
        [] or ["--help" or "-h" or "-?", ..] => Say(
            "usage: dotnet script sample.csx -- RUN [options of the run's script: --num, --temperature, --top-k, --top-p, "
            + "--prompt, --max-length, --explain, --json, …]"),
        [['-', ..] option, ..] => throw Run.Stop(
            Name, [Fault.Of($"{option}: name the work dir of a run first, such as out/mlp")]),
        [var folder, .. var rest] => Start(folder, rest),
    };

    private static int Start(string folder, string[] rest)
    {
        var run = FinishedRun.Read(folder).OrThrow(fault => Run.Stop(Name, [fault]));
        if (run.HasChanged)
            System.Console.Error.WriteLine($"{run.Script} has changed since {folder} was made");
        return ScriptHost.Run(run.Script, [.. run.Arguments, "--sample-only", .. rest]);
    }

    private static int Say(string text)
    {
        System.Console.Out.WriteLine(text);
        return 0;
    }
}
