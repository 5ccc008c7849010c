using System.Globalization;
using LanguageExt;

namespace Makemore.Tests.Scripts;

/// <summary>record.csx, and the records.</summary>
public sealed class RecordTests
{
    private static readonly string Folder = Path.GetDirectoryName(ScriptFile.PathOf("records/names-1"))!;

    public static TheoryData<string> Scripts =>
        [.. Directory.EnumerateFiles(Folder, "*.csx").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    /// <summary>The second learns in four steps, the first nearly nothing.</summary>
    [Fact]
    public void Record_WithALowerLossThanTheOneBefore_IsOneAndGivesItsLine()
    {
        using var folder = new TemporaryFolder();
        string[] scripts = [Preset(folder, "small-1", "1e-5"), Preset(folder, "small-2", "1e-1")];
        var first = Judge(folder, scripts[0], out var trained);
        Assert.Equal((0, "", 5), (first.ExitCode, first.Error, trained));
        Assert.Matches(@"\nsmall-1 is a record\n\| \[small-1\]\(small-1\.csx\) \| \d+ \| 3\.\d{4} \| 0\.\d{4} \|  \|$", first.Output);
        var second = Judge(folder, scripts[1], out trained);
        Assert.Equal((0, "", 5), (second.ExitCode, second.Error, trained));
        Assert.Matches(@"\nsmall-2 is a record\n\| \[small-2\].* \| better by 0\.\d{4} ± 0\.\d{4}, p < 0\.001 \|$", second.Output);
        Assert.Equal(0, Judge(folder, scripts[1], out trained).ExitCode);
        Assert.Equal(0, trained);
    }

    /// <summary>Lower, and with a p-value below 0.01.</summary>
    [Theory]
    [InlineData(-0.1, 0.005, 0, "a-2 is a record", "better by 0.1000 ± 0.0100, p = 0.005")]
    [InlineData(-0.1, 0.02, 1, "a-2 is no record: its loss is not lower than that of a-1 with p < 0.01", "better by 0.1000 ± 0.0100, p = 0.020")]
    [InlineData(0.1, 0.005, 1, "a-2 is no record: its loss is not lower than that of a-1 with p < 0.01", "worse by 0.1000 ± 0.0100, p = 0.005")]
    public void Judge_OfADifference_IsThatOfItsSignAndItsP(double nats, double p, int exitCode, string verdict, string difference)
    {
        var said = new StringWriter { NewLine = "\n" };
        using var reporter = IReporter.Create(new(said, TextWriter.Null, IsTerminal: false, _ => new OperationCanceledException()));
        var test = new SeedsTest(Math.Abs(nats), 0.01, p);
        Assert.Equal(exitCode, Records.Judge([Same("a-1", nats < 0 ? test : null), Same("a-2", nats < 0 ? null : test)], reporter));
        Assert.Equal($"{verdict}\n| [a-2](a-2.csx) | 7 | 2.0000 | 0.1000 | {difference} |\n", $"{said}");

        static ComparedSeeds Same(string name, SeedsTest? difference) => new(name, [], 7, 1, 2, 0.1, 1.9, 2.1, difference);
    }

    [Theory]
    [InlineData("", "name one script: the candidate, such as scripts/records/names-2.csx")]
    [InlineData("none-1.csx", "none-1.csx: there is no such script")]
    [InlineData("mlp.csx", "mlp.csx: a record is called by its task and its number, such as names-2.csx")]
    [InlineData("small-0.csx", "small-0.csx: a record is called by its task and its number, such as names-2.csx")]
    [InlineData("small-7.csx", "small-7.csx: the record before it, small-6.csx, is missing")]
    public void Record_OfBadArguments_FailsWithOneLine(string candidate, string error)
    {
        using var folder = new TemporaryFolder();
        string[] arguments = candidate is "" ? [] : [folder[candidate]];
        if (candidate is not ("" or "none-1.csx"))
            Preset(folder, Path.GetFileNameWithoutExtension(candidate), "1");
        var outcome = InProcess.Run(ScriptFile.PathOf("record"), folder.FullName, arguments).Outcome;
        Assert.Equal(new(1, "", $"record: {error}"), outcome);
    }

    [Fact]
    public void Record_IntoTheFolderOfARun_IsRefusedBeforeItIsTrained()
    {
        using var folder = new TemporaryFolder();
        var outcome = InProcess.Run(
            ScriptFile.PathOf("record"), ScriptProcess.Folder, [Preset(folder, "small-1", "1"), "-o", ScriptRun.Of("mlp").WorkDir],
            new((_, _) => 0, (_, _) => throw new InvalidOperationException())).Outcome;
        Assert.Contains("holds a run, whose report would be replaced; choose another folder with --work-dir", outcome.Error);
    }

    [Fact]
    public void Record_WhoseModelHasChangedSinceItWasTrained_IsAFault()
    {
        using var folder = new TemporaryFolder();
        var text = File.ReadAllText(ScriptFile.PathOf("mlp")).Replace("\"prelude.csx\"", $"\"{ScriptFile.PathOf("prelude")}\"");
        var model = folder.Write("mlp.csx", text);
        var record = Preset(folder, "changed-1", "1e-1", model);
        Assert.Equal(0, Judge(folder, record, out _).ExitCode);
        File.AppendAllText(model, "\n");
        Assert.EndsWith(": mlp.csx has changed since; delete the folder to train it again", Judge(folder, record, out _).Error);
    }

    /// <summary>Its options are those of its model, the records before it are there, and the table has it.</summary>
    [Theory]
    [MemberData(nameof(Scripts))]
    public void Record_OfTheProject_IsComplete(string name)
    {
        var outcome = InProcess.Run(Path.Combine(Folder, $"{name}.csx"), ScriptProcess.Folder, ["-o", "none", "--sample-only"]).Outcome;
        Assert.Contains(": no saved run; ", outcome.Error);
        var number = int.Parse(name.Split('-')[^1], CultureInfo.InvariantCulture);
        Assert.All(Enumerable.Range(1, number), i => Assert.Contains($"{name.Split('-')[0]}-{i}", Scripts.Select(row => row.Data)));
        Assert.Contains($"| [{name}]({name}.csx) | ", File.ReadAllText(Path.Combine(Folder, "README.md")));
    }

    /// <summary>A script that is another one, mlp.csx, with few steps.</summary>
    private static string Preset(TemporaryFolder folder, string name, string learningRate, string? model = null) => folder.Write(
        $"{name}.csx",
        $$"""
        #load "{{ScriptFile.PathOf("prelude")}}"
        return Preset.Run(Args, "{{model ?? ScriptFile.PathOf("mlp")}}",
        [
            "-i", "{{ScriptProcess.At("names.txt")}}", "--learning-rate", "{{learningRate}}",
            "--max-steps", "4", "--eval-every", "4", "--batch-size", "4", "--n-embd", "8", "--n-embd2", "12",
        ]);
        """);

    /// <summary>Judges a script, whose runs are trained in this process.</summary>
    private static Script.Outcome Judge(TemporaryFolder folder, string script, out int trained)
    {
        var count = 0;
        var outcome = InProcess.Run(
            ScriptFile.PathOf("record"), folder.FullName, [script, "-o", folder["record"]], new((_, _) => 0, Capture)).Outcome;
        trained = count;
        return outcome;

        Either<Fault, ChildOutcome> Capture(string child, string[] words)
        {
            count += words.Contains("--evaluate") ? 0 : 1;
            return InProcess.Capture(child, words);
        }
    }
}
