using System.Runtime.CompilerServices;

namespace Makemore.Tests.Scripts;

/// <summary>Training in parts, on one process and under mpirun.</summary>
public sealed class MpiTests
{
    private static readonly string[] Options = ["--max-steps", "12", "--grad-clip", "0.5"];

    /// <summary>A window, a recurrence, the statistics of a batch, attention; all with dropout where there is any.</summary>
    [MpiTheory]
    [InlineData("openmpi", 2, "transformer"), InlineData("openmpi", 4, "batchnorm"), InlineData("mpich", 4, "lstm"), InlineData("mpich", 2, "mlp")]
    public void Run_UnderMpirun_EndsWithTheBitsOfOneProcess(string mpi, int ranks, string script)
    {
        string[] options = [.. Options, .. ScriptFile.Of(script).Arguments(("--dropout", "0.1"))];
        var one = ScriptRun.Run(script, [.. options, "--parts", "4"]);
        var several = ScriptRun.UnderMpirun(mpi, ranks, script, [.. options, "--distributed"]);
        one.AssertSameBits(several);
        Assert.Equal(ScriptRun.Results(one.Outcome.Output), ScriptRun.Results(several.Outcome.Output));
    }

    [MpiTheory, InlineData("openmpi", 2, 4)]
    public void Run_ResumedOnAnotherNumberOfRanks_EndsWithTheSameBits(string mpi, int before, int after)
    {
        var one = ScriptRun.Run("mlp", [.. Options, "--parts", "4"]);
        var part = ScriptRun.UnderMpirun(mpi, before, "mlp", "--max-steps", "6", "--grad-clip", "0.5", "--distributed");
        one.AssertSameBits(part.AgainUnderMpirun(mpi, after, "--max-steps", "12", "--resume", "--distributed"));
    }

    [Theory]
    [InlineData("mlp", "--parts 3", "mlp: --parts 3: give a power of two")]
    [InlineData("mlp", "--parts 4 --batch-size 30", "mlp: a batch of 30 does not divide into 4 parts; give another --batch-size or --parts")]
    [InlineData("bigram --neural", "--parts 4", "bigram: --parts 4: the script has a loss or a step of its own")]
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
        Assert.Equal(["", "", "mlp: rank 2: a\n"], Errors(3, (rank, shell) => Do(rank == 2, () => shell.Fail("mlp", [Fault.Of("a")]), () => shell.Agree(Facts("1")))));
        Assert.Equal(["mlp: a\n", "", ""], Errors(3, (rank, shell) => Do(rank == 0, () => shell.Fail("mlp", [Fault.Of("a")]), () => shell.Agree(Facts("1")))));
        Assert.Equal(
            ["makemore: rank 1 has other words than rank 0\n", "", ""], Errors(3, (rank, shell) => shell.Agree(Facts(rank == 1 ? "2" : "1"))));
        Assert.Equal(["", "", ""], Errors(3, (_, shell) => shell.Agree(Facts("1"))));

        static RankFacts Facts(string words) => new(words, "", "", "");

        static void Do(bool condition, Action yes, Action no) => (condition ? yes : no)();
    }

    /// <summary>What each rank prints on standard error.</summary>
    private static string[] Errors(int count, Action<int, Shell> work) => ThreadRanks.Run(count, ranks =>
    {
        var error = new StringWriter { NewLine = "\n" };
        var shell = RankShell.Among(new(TextWriter.Null, error, IsTerminal: false, code => new OperationCanceledException()), ranks);
        try
        {
            work(ranks.Rank, shell);
        }
        catch (OperationCanceledException)
        {
            // It has ended the program.
        }
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
