namespace Makemore.Tests;

/// <summary>Parsing command lines into records of options.</summary>
public sealed class CommandLineTests
{
    private static readonly Option<int> Order = Option.Number("--order", 5, "n");
    private static readonly Option<double?> AddK = Option.MaybeNumber("--add-k", "k");

    private static readonly Option[] All =
    [
        Option.Group(OptionGroup.Data, ("InputFile", "names.txt")), Option.Training(maxSteps: 7, schedule: "cosine"),
        Option.NEmbd(64), Option.Context(3), Order, AddK, Option.Group(OptionGroup.Output, ("WorkDir", "out/toy")),
    ];

    [Fact]
    public void Values_NotGiven_AreDefaults()
    {
        var (line, options) = (Parse(), Parse().To<Options>());
        Assert.Equal(
            ("names.txt", 7, "cosine", 64, "out/toy", 5e-4),
            (options.InputFile, options.MaxSteps, options.Schedule, options.NEmbd, options.WorkDir, options.LearningRate));
        Assert.Equal((5, null), ((int)line.Values["--order"]!, line.Values["--add-k"]));
        Assert.Equal((0, 3, null), (options.NHead, options.Context, options.Split));
    }

    [Fact]
    public void Values_Given_AreParsed()
    {
        var line = Parse("-b", "9", "-l", "3e-3", "--split", "80/10/10", "--order", "3", "--add-k", "0.5", "--resume");
        var options = line.To<Options>();
        Assert.Equal((9, 3e-3, true), (options.BatchSize, options.LearningRate, options.Resume));
        Assert.Equal((3, 0.5), ((int)line.Values["--order"]!, (double)line.Values["--add-k"]!));
        Assert.Equal("80/10/10", $"{options.Split}");
    }

    [Fact]
    public void Faults_Several_AreAllReported() => Assert.Equal(
        [
            "--batch-size 0: give a whole number of 1 or more", "--ema 1: give a number of 0 or more, up to 0.999999",
            "--order x: give a whole number of 1 or more",
        ],
        Faults("-b", "0", "--ema", "1", "--order", "x"));

    [Theory]
    [InlineData("--max-steps --eval-every 5", "--max-steps")]
    [InlineData("--order -b 5 --add-k", "--order --add-k")]
    [InlineData("--resume -o", "-o")]
    public void Value_Missing_IsAFaultOfItsOption(string arguments, string options) => Assert.Equal(
        options.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(option => $"{option}: its value is missing (--help lists the options)"),
        Faults(arguments.Split(' ')));

    [Theory]
    [InlineData("-o")]
    [InlineData("-i")]
    [InlineData("--evaluate")]
    public void Path_Empty_IsAFault(string option) =>
        Assert.EndsWith(": give the name of a file or folder", Assert.Single(Faults(option, "")));

    [Fact]
    public void Over_SavedOptions_AreTheDefaults()
    {
        var saved = Parse("-b", "9", "--order", "3", "--max-steps", "100", "--deduplicate").ResultOptions();
        Assert.False(saved.ContainsKey("--max-steps"));
        Assert.Equal(("9", "3", "True", ""), (saved["--batch-size"], saved["--order"], saved["--deduplicate"], saved["--split"]));
        var line = Parse("--max-steps", "50", "-b", "9").Over(saved).Match(
            line => line, faults => throw new InvalidOperationException($"{faults}"));
        var options = line.To<Options>();
        Assert.Equal((9, 50, true, 3), (options.BatchSize, options.MaxSteps, options.Deduplicate, (int)line.Values["--order"]!));
    }

    [Fact]
    public void Over_DifferentOption_IsAFaultThatNamesIt()
    {
        var saved = Parse("-b", "9").ResultOptions();
        Assert.Equal(
            [
                "--split 90/10: the saved run has none; omit the option, or start a new run",
                "--batch-size 8: the saved run has 9; omit the option, or start a new run",
            ],
            Parse("-b", "8", "--split", "90/10").Over(saved).Match(
                _ => [], faults => faults.Select(fault => fault.Message).ToArray()));
    }

    [Fact]
    public void Help_Option_ReturnsText() => Assert.Contains("--order <order>", Parse("--help").Help);

    [Theory]
    [InlineData("MaxSteps", "--max-steps"), InlineData("NEmbd2", "--n-embd2"), InlineData("FindLr", "--find-lr")]
    [InlineData("TopP", "--top-p")]
    public void NameOf_Property_IsKebabCase(string property, string name) => Assert.Equal(name, OptionEntry.NameOf(property));

    [Theory]
    [InlineData("mlp.csx", false, "dotnet script mlp.csx --")]
    [InlineData("mlp.fsx", false, "dotnet fsi mlp.fsx")]
    [InlineData("mlp.cs", true, "dotnet run mlp.cs --")]
    [InlineData("Program.fs", false, "dotnet run --")]
    public void Help_OfAnyProgram_SaysHowItIsStarted(string file, bool isAlone, string command) =>
        Assert.Equal(command, CommandLine.Start(file, isAlone));

    private static CommandLine Parse(params string[] arguments) => Read(arguments).Match(
        line => line, faults => throw new InvalidOperationException(string.Join('\n', faults)));

    private static string[] Faults(params string[] arguments) =>
        Read(arguments).Match(_ => [], faults => faults.Select(fault => fault.Message).ToArray());

    private static LanguageExt.Validation<Fault, CommandLine> Read(string[] arguments) =>
        CommandLine.Parse("toy.csx", "A toy.", All.SelectMany(option => option.Entries), arguments);
}
