using System.Runtime.CompilerServices;
using Makemore.Tests.Script;

namespace Makemore.Tests.Scripts;

/// <summary>Training in parts, on one process and under mpirun.</summary>
public sealed class MpiTests
{
    private static readonly string[] Options = ["--max-steps", "12", "--grad-clip", "0.5"];

    /// <summary>A window, a recurrence, the statistics of a batch, attention; all with dropout where there is any. And a loss of the
    /// script's own.</summary>
    [MpiTheory]
    [InlineData("openmpi", 2, "transformer"), InlineData("openmpi", 4, "batchnorm"), InlineData("openmpi", 2, "tweaks/experts")]
    [InlineData("mpich", 4, "lstm"), InlineData("mpich", 2, "mlp")]
    public void Run_UnderMpirun_EndsWithTheBitsOfOneProcess(string mpi, int ranks, string script)
    {
        string[] options = [.. Options, .. ScriptFile.Of(script).Arguments(("--dropout", "0.1"))];
        var one = ScriptRun.Run(script, [.. options, "--parts", "4"]);
        var several = ScriptRun.UnderMpirun(mpi, ranks, script, options);
        one.AssertSameBits(several);
        Assert.Equal(ScriptRun.Results(one.Outcome.Output), ScriptRun.Results(several.Outcome.Output));
    }

    /// <summary>Each step sends a gradient each way, which is as large as the parameters.</summary>
    [MpiTheory, InlineData("mlp")]
    public void Run_OnTwoHosts_EndsWithTheBitsOfOneProcess(string script)
    {
        using var hosts = TwoHosts.OrSkip();
        var one = ScriptRun.Run(script, [.. Options, "--parts", "4"]);
        one.AssertSameBits(ScriptRun.OnHosts(hosts, script, Options));
        Assert.True(TwoHosts.Received > ScriptRun.Steps * one.Files.Model.Length / 2);
    }

    /// <summary>Killed with kill −9: mpirun names the rank, or its process, and ends the others.</summary>
    [MpiTheory, InlineData("openmpi", "process rank 1 "), InlineData("mpich", "PID ")]
    public void Run_OfWhichARankIsKilled_EndsAndResumesOnAnotherNumberOfRanksToTheSameBits(string mpi, string name)
    {
        string[] options = ["--grad-clip", "0.5", "--save-every", "1"];
        var run = ScriptRun.KilledUnderMpirun(
            mpi, 2, killed: 1, "mlp", line => line.StartsWith("step 8 ", StringComparison.Ordinal), [.. options, "--max-steps", "1000000"]);
        Assert.NotEqual(0, run.Outcome.ExitCode);
        Assert.Single((run.Outcome.Output + run.Outcome.Error).Split('\n'), line => line.Contains(name, StringComparison.Ordinal));
        string[] end = [.. options, "--max-steps", $"{run.SavedStep + 3}"];
        run.AgeLeftovers();
        var resumed = run.AgainUnderMpirun(mpi, 4, [.. end, "--resume"]);
        Assert.Empty(resumed.Leftovers);
        ScriptRun.Run("mlp", [.. end, "--parts", "4"]).AssertSameBits(resumed);
    }

    /// <summary>What one rank alone throws ends all of them, with a line that names it.</summary>
    [MpiTheory]
    [InlineData("openmpi", "OutOfMemoryException()", "mlp: rank 1: out of memory; lower the sizes of the model, or the number of words or samples")]
    [InlineData("mpich", "OutOfMemoryException()", "mlp: rank 1: out of memory; lower the sizes of the model, or the number of words or samples")]
    [InlineData("openmpi", "InvalidOperationException()", "makemore: rank 1 has ended too early")]
    [InlineData("mpich", "InvalidOperationException()", "makemore: rank 1 has ended too early")]
    public void Run_OfWhichARankThrows_EndsWithALineThatNamesIt(string mpi, string exception, string error)
    {
        using var folder = new TemporaryFolder();
        const string Rank = "(Environment.GetEnvironmentVariable(\"OMPI_COMM_WORLD_RANK\") ?? Environment.GetEnvironmentVariable(\"PMI_RANK\"))";
        var script = folder.Write("mlp.csx", File.ReadAllText(ScriptFile.PathOf("mlp"))
            .Replace("\"prelude.csx\"", $"\"{ScriptFile.PathOf("prelude")}\"")
            .Replace("return run.Fit(mlp);", $"return run.Fit(mlp with {{ Train = (p, batch, key) => {Rank} == \"1\" ? throw new {exception} : mlp.Train(p, batch, key) }});"));
        Directory.CreateDirectory(folder["out"]);
        var outcome = Mpirun.Run(mpi, 2, [script, "-i", "names.txt", "-o", folder["out"], "--batch-size", "4"]);
        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Equal(error, Assert.Single(outcome.Error.Split('\n'), line => line.Contains(": rank ", StringComparison.Ordinal)));
        Assert.Empty(Directory.GetFiles(folder["out"], "*.safetensors*"));
    }

    [Theory]
    [InlineData("mlp", "--parts 3", "mlp: --parts 3: give a power of two")]
    [InlineData("mlp", "--parts 4 --batch-size 30", "mlp: a batch of 30 does not divide into 4 parts; give another --batch-size or --parts")]
    [InlineData("bigram --neural", "--parts 4", "bigram: --parts 4: the script has a training step of its own")]
    [InlineData("bigram", "--parts 4", "bigram: --parts is for learning the table")]
    [InlineData("mlp", "--distributed", "mlp: --distributed: no mpirun started this process; start it with mpirun -n 4 dotnet script")]
    public void Run_InPartsOfBadOptions_FailsWithOneLine(string script, string options, string error)
    {
        var outcome = InProcess.Run(
            ScriptFile.PathOf(script.Split(' ')[0]), ScriptProcess.Folder,
            [.. script.Split(' ')[1..], "-i", "names.txt", "-o", "parts", .. options.Split(' ')]).Outcome;
        Assert.StartsWith(error, outcome.Error);
        Assert.DoesNotContain('\n', outcome.Error);
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
    }

    /// <summary>What started the process has set its variables.</summary>
    [Theory]
    [InlineData("PMIX_RANK", "mlp: --distributed: what started this process is neither Open MPI's mpirun nor MPICH's")]
    [InlineData("SLURM_PROCID", "mlp: --distributed: what started this process is neither Open MPI's mpirun nor MPICH's")]
    public void Run_UnderAnotherMpi_FailsWithOneLine(string variable, string error)
    {
        var outcome = HostProcess.Run(
            ScriptProcess.Folder, ScriptProcess.At("cache"), [ScriptFile.PathOf("mlp"), "-i", "names.txt", "-o", "other", "--distributed"], (variable, "0"));
        Assert.Equal(new(1, "", error), outcome);
    }

    [Fact]
    public void Resume_InPartsOfARunThatWasNot_IsRefused()
    {
        var run = ScriptRun.Run("mlp", "--max-steps", "4");
        var outcome = InProcess.Run(
            ScriptFile.PathOf("mlp"), ScriptProcess.Folder, ["-o", run.WorkDir, "--resume", "--max-steps", "8", "--parts", "4"]).Outcome;
        Assert.Equal("mlp: --parts 4: the saved run has none; omit the option, or start a new run", outcome.Error);
    }

    /// <summary>A fault of all ranks is printed once; one of some, by the ranks that have it.</summary>
    [Fact]
    public void Ranks_ThatFail_PrintEachFaultOnce()
    {
        Assert.Equal(["mlp: a\n", "", ""], Errors(3, (_, shell) => shell.Fail("mlp", [Fault.Of("a")])));
        Assert.Equal(["", "", "mlp: rank 2: a\n"], Errors(3, (rank, shell) => Do(rank == 2, () => shell.Fail("mlp", [Fault.Of("a")]), () => shell.Agree(Facts()))));
        Assert.Equal(["", "mlp: rank 1: a\n"], Errors(2, (rank, shell) => Do(rank == 1, () => shell.Fail("mlp", [Fault.Of("a")]), () => shell.Run("mlp", () => 0))));
        Assert.Equal(["mlp: rank 0: a\n", "", ""], Errors(3, (rank, shell) => Do(rank == 0, () => shell.Fail("mlp", [Fault.Of("a")]), () => shell.Agree(Facts()))));
        Assert.Equal(
            ["transformer: --n-embd 64 does not divide into --n-head 3 heads\n", ""],
            Errors(2, (_, shell) => Start("transformer --n-head 3", shell)));
        Assert.Equal(
            ["bigram: --parts 2: the script has a training step of its own, which need not be a sum over parts of a batch\n", ""],
            Errors(2, (_, shell) => Start("bigram --neural", shell)));
    }

    [Fact]
    public void Ranks_ThatDiffer_SayInWhatInOneLine() => Assert.Equal(
        [
            "makemore: rank 1 has other words than rank 0\n", "makemore: rank 1 has other options than rank 0\n",
            "makemore: rank 1 has another version of the script or of Makemore than rank 0\n",
            "makemore: rank 1 has another saved state than rank 0\n",
        ],
        Enumerable.Range(0, RankFacts.Count).Select(fact =>
            string.Concat(Errors(3, (rank, shell) => shell.Agree(rank == 1 ? Facts(fact) : Facts())))));

    /// <summary>After --help or an exception of the script, for example.</summary>
    [Fact]
    public void Ranks_ThatEndTooEarly_SayIt()
    {
        Assert.Equal(["", ""], Errors(2, (_, _) => { }));
        Assert.Equal(["", ""], Errors(2, (_, shell) => Run.Open(InParts(shell), "unfit", "", [Option.Training()], ScriptFile.PathOf("mlp"))));
        Assert.Equal(["", "makemore: rank 1 has ended too early\n"], Errors(2, (rank, shell) => Do(rank == 1, () => { }, () => shell.Agree(Facts()))));
        Assert.Equal(["", ""], Errors(2, (_, shell) => shell.Run("mlp", () =>
        {
            shell.Agree(Facts());
            return 0;
        })));
    }

    private static RankFacts Facts(int other = -1) => new(Fact(other, 0), Fact(other, 1), Fact(other, 2), Fact(other, 3));

    private static string Fact(int other, int index) => other == index ? "2" : "1";

    /// <summary>Starts a script on one of two ranks.</summary>
    private static void Start(string script, Shell shell) => ScriptAssembly.Run(
        ScriptFile.PathOf(script.Split(' ')[0]), InParts(shell, script.Split(' ')[1..]));

    private static ShellArguments InParts(Shell shell, params string[] arguments) =>
        new([.. arguments, "-i", ScriptProcess.At("names.txt"), "-o", ScriptProcess.At("ranks"), "--parts", "2"], shell);

    private static void Do(bool condition, Action yes, Action no) => (condition ? yes : no)();

    /// <summary>What each rank prints on standard error.</summary>
    private static string[] Errors(int count, Action<int, Shell> work) => ThreadRanks.Run(count, ranks =>
    {
        var error = new StringWriter { NewLine = "\n" };
        var (shell, leave) = RankShell.Among(new(TextWriter.Null, error, IsTerminal: false, code => new OperationCanceledException()), ranks);
        try
        {
            work(ranks.Rank, shell);
        }
        catch (OperationCanceledException)
        {
            // It has ended the program.
        }
        leave();
        return error.ToString();
    });
}

/// <summary>A theory whose rows begin with an MPI, openmpi or mpich; it is skipped where its mpirun is not installed.</summary>
internal sealed class MpiTheoryAttribute : TheoryAttribute
{
    public MpiTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        if (Missing.Length > 0)
            Skip = $"not installed: {string.Join(", ", Missing)} (Debian: apt-get install openmpi-bin mpich)";
    }

    private static readonly string[] Programs = ["mpirun.openmpi", "mpirun.mpich"];

    private static string[] Missing => [.. Programs.Where(program => !IsInstalled(program))];

    private static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)));
}
