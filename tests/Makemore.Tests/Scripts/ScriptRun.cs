using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Makemore.Tests.Script;

namespace Makemore.Tests.Scripts;

/// <summary>A short training run of a small model. It runs in this process, unless it is killed or needs another
/// environment.</summary>
/// <param name="Case">The script, and the arguments that make it train.</param>
/// <param name="WorkDir">The work dir, relative to the folder of the runs.</param>
/// <param name="Outcome">The outcome.</param>
internal sealed partial record ScriptRun(string Case, string WorkDir, Script.Outcome Outcome)
{
    /// <summary>The number of steps.</summary>
    public const int Steps = 12;

    private static readonly (string Option, string Value)[] Small =
    [
        ("--eval-every", "4"), ("--num", "6"), ("--batch-size", "4"), ("--learning-rate", "0.01"), ("--n-embd", "8"),
        ("--n-embd2", "12"), ("--n-layer", "2"), ("--n-head", "2"), ("--report-samples", "20"),
    ];

    private static readonly ConcurrentDictionary<string, Lazy<ScriptRun>> Done = new();

    /// <summary>The contents of the checkpoint files.</summary>
    public (byte[] Model, byte[] State) Files =>
        (File.ReadAllBytes(Saved("model.safetensors")), File.ReadAllBytes(Saved("state.safetensors")));

    /// <summary>The output without times and work dir.</summary>
    public string Output => Time().Replace(Outcome.Output, "step time …").Replace(WorkDir, "…");

    /// <summary>The samples at the end.</summary>
    public string Samples => SamplesIn(Outcome.Output);

    /// <summary>The step of the saved state, whose hash is verified.</summary>
    public int SavedStep => int.Parse(
        Safetensors.Read(Saved("state.safetensors")).Value().Metadata["step"], CultureInfo.InvariantCulture);

    /// <summary>Temporary files in the work dir.</summary>
    public string[] Leftovers => Directory.GetFiles(ScriptProcess.At(WorkDir), "*.tmp");

    /// <summary>Makes temporary files old enough to be removed by the next save.</summary>
    public void AgeLeftovers()
    {
        foreach (var leftover in Leftovers)
            File.SetLastWriteTimeUtc(leftover, DateTime.UtcNow.AddMinutes(-2));
    }

    /// <summary>The run of a script on one thread, which is run once.</summary>
    public static ScriptRun Of(string name) =>
        Done.GetOrAdd(name, _ => new(() => Run(name, "--threads", "1", "--max-steps", $"{Steps}"))).Value;

    /// <summary>The part of an output that the seed determines: the losses at evaluations, and the samples at the end.</summary>
    public static string Results(string output) =>
        string.Join('\n', Evaluation().Matches(output).Select(match => match.Value).Append(SamplesIn(output))).TrimEnd();

    /// <summary>A run in a work dir of its own.</summary>
    public static ScriptRun Run(string name, params string[] arguments) => RunIn(NewWorkDir(), name, arguments);

    /// <summary>A run in a work dir of its own, under the host, with an environment variable.</summary>
    public static ScriptRun InEnvironment((string Name, string Value) variable, string name, params string[] arguments)
    {
        var workDir = NewWorkDir();
        return Succeeded(name, workDir, HostProcess.Run(
            ScriptProcess.Folder, ScriptProcess.At("cache"), Words(workDir, name, arguments), variable));
    }

    /// <summary>A run on several processes, in a work dir of its own.</summary>
    /// <param name="mpi">The MPI: openmpi or mpich.</param>
    /// <param name="ranks">The number of processes.</param>
    /// <param name="name">The script.</param>
    /// <param name="arguments">The arguments.</param>
    public static ScriptRun UnderMpirun(string mpi, int ranks, string name, params string[] arguments) =>
        new ScriptRun(name, NewWorkDir(), new(0, "", "")).AgainUnderMpirun(mpi, ranks, arguments);

    /// <summary>A run under Open MPI with one process on each of two hosts, in a work dir of its own.</summary>
    public static ScriptRun OnHosts(TwoHosts hosts, string name, params string[] arguments)
    {
        var workDir = NewWorkDir();
        return Succeeded(name, workDir, Mpirun.Run(hosts, Words(workDir, name, arguments)));
    }

    /// <summary>Another run in the same work dir, on several processes.</summary>
    public ScriptRun AgainUnderMpirun(string mpi, int ranks, params string[] arguments) =>
        Succeeded(Case, WorkDir, Mpirun.Run(mpi, ranks, Words(WorkDir, Case, arguments)));

    /// <summary>A run on several processes, one of which is killed, as by kill −9, after the first has printed a line.</summary>
    public static ScriptRun KilledUnderMpirun(
        string mpi, int ranks, int killed, string name, Func<string, bool> isLine, params string[] arguments)
    {
        var workDir = NewWorkDir();
        return new(name, workDir, Mpirun.Kill(mpi, ranks, killed, Words(workDir, name, arguments), isLine));
    }

    /// <summary>A run in this process that an exception ends when it prints a line.</summary>
    public static ScriptRun BrokenOff(string name, Func<string, bool> isLine, params string[] arguments)
    {
        var run = new ScriptRun(name, NewWorkDir(), new(137, "", ""));
        var words = Words(run.WorkDir, name, arguments);
        InProcess.BreakOff(words[0], ScriptProcess.Folder, words[1..], isLine);
        return run;
    }

    /// <summary>A run that is killed, as by kill −9, some time after it has printed a line.</summary>
    public static ScriptRun Killed(string name, Func<string, bool> isLine, TimeSpan wait, params string[] arguments)
    {
        var run = new ScriptRun(name, NewWorkDir(), new(137, "", ""));
        run.KilledAgain(isLine, wait, arguments);
        return run;
    }

    /// <summary>Another run in the same work dir that is killed.</summary>
    public void KilledAgain(Func<string, bool> isLine, TimeSpan wait, params string[] arguments) => Assert.True(
        HostProcess.Kill(ScriptProcess.Folder, ScriptProcess.At("cache"), Words(WorkDir, Case, arguments), isLine, wait),
        "it ended before it was killed");

    /// <summary>Another run in the same work dir.</summary>
    public ScriptRun Again(params string[] arguments) => RunIn(WorkDir, Case, arguments);

    /// <summary>Asserts that another run printed the same and saved the same bytes.</summary>
    public void AssertSameBits(ScriptRun other)
    {
        Assert.Equal(Samples, other.Samples);
        Assert.Equal(Files.Model, other.Files.Model);
        Assert.Equal(Files.State, other.Files.State);
    }

    private static string NewWorkDir() => $"runs/{Guid.NewGuid():N}";

    private static ScriptRun RunIn(string workDir, string name, string[] arguments)
    {
        var words = Words(workDir, name, arguments);
        return Succeeded(name, workDir, InProcess.Run(words[0], ScriptProcess.Folder, words[1..]).Outcome);
    }

    private static ScriptRun Succeeded(string name, string workDir, Script.Outcome outcome)
    {
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        return new(name, workDir, outcome);
    }

    private static string[] Words(string workDir, string name, string[] arguments)
    {
        var words = name.Split(' ');
        var (script, isText) = (ScriptFile.Of(words[0]), words.Contains("--text"));
        // A learning-rate schedule needs its length even if the run is interrupted and resumed.
        string[] schedule = script.IsScheduled && arguments.Contains("--max-steps") && !arguments.Contains("--schedule")
            ? ["--schedule-steps", $"{Steps}"]
            : [];
        return
        [
            script.FilePath, .. words[1..], .. isText ? [] : new[] { "-i", "names.txt" }, "-o", workDir,
            .. script.Arguments([.. Small.Where(pair => !arguments.Contains(pair.Option) && !(isText && pair.Option == "--num"))]),
            .. schedule, .. arguments,
        ];
    }

    private static string SamplesIn(string output) => output[SamplesTitle().Match(output).Index..];

    /// <summary>The path of a file in the work dir.</summary>
    public string Saved(string file) => ScriptProcess.At(WorkDir, file);

    [GeneratedRegex(@"step time \d+\.\d\dms")]
    private static partial Regex Time();

    [GeneratedRegex(@"^step \d+ train loss: .*$", RegexOptions.Multiline)]
    private static partial Regex Evaluation();

    [GeneratedRegex(@"^\d+ samples? in train:", RegexOptions.Multiline)]
    private static partial Regex SamplesTitle();
}
