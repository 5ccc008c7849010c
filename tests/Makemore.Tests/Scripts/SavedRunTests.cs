using System.Globalization;
using System.Text;

namespace Makemore.Tests.Scripts;

/// <summary>A run that uses a saved model speaks of the words that this was trained on, wherever they are now.</summary>
public sealed class SavedRunTests : IDisposable
{
    private const string Lost = "which samples are new is not known: out/model.safetensors: the words that it was trained on are no longer in "
        + "data/own.txt; --input-file says where they are now\n";

    private static readonly string[] Small = ["--num", "9", "--threads", "1", "--report-samples", "20"];

    private readonly TemporaryFolder _folder = new();

    public SavedRunTests()
    {
        // Words that are shorter than the project's names, in another alphabet.
        Directory.CreateDirectory(_folder["data"]);
        _folder.Write("data/own.txt", string.Concat(Enumerable.Range(0, 40).Select(i => $"ж{"абв"[i % 3]}{"где"[i / 3 % 3]}\n")));
    }

    public static TheoryData<string, string> Uses
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var script in new[] { "bigram", "ngram", "mlp" })
                foreach (var use in new[] { "--sample-only", "--sample-only --explain", "--sample-only --json", "--evaluate data/own.txt" })
                    rows.Add(script, use);
            return rows;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Uses))]
    public void Use_WordsOmitted_IsThatWithTheRunsOwn(string script, string use)
    {
        Train(script);
        var expected = Succeed(script, $"{use} -i data/own.txt");
        Assert.Equal(expected, Succeed(script, use));
        File.Move(_folder["data/own.txt"], _folder["data/moved.txt"]);
        Assert.Equal(expected, Succeed(script, use.Replace("own", "moved") + " -i data/moved.txt"));
        if (use != "--sample-only")
            Assert.Equal(expected, Succeed(script, use.Replace("own", "moved")));
    }

    [Fact]
    public void SampleOnly_WordsGone_SamplesAndSaysSo()
    {
        Train("mlp");
        var groups = Succeed("mlp", "--sample-only");
        File.AppendAllText(_folder["data/own.txt"], "жаж\n");
        var alone = Succeed("mlp", "--sample-only");
        Assert.StartsWith(Lost, alone);
        Assert.Equal(Words(groups), Words(alone[Lost.Length..]));

        static IEnumerable<string> Words(string text) => text.Split('\n').Where(line => line is not ([] or [.., ':'])).Order();
    }

    [Fact]
    public void Export_OfASavedModel_WritesItAgainWithoutTheWords()
    {
        Train("mlp");
        File.Delete(_folder["data/own.txt"]);
        Assert.Equal("exported: new/mlp.onnx, ids (batch, 4) to logits (batch, 4, 8), ONNX opset 20", Succeed("mlp", "--export new/mlp.onnx"));
        var bytes = File.ReadAllBytes(_folder["new/mlp.onnx"]);
        Assert.Contains(
            Safetensors.ReadMetadata(_folder["out/model.safetensors"]).Value()[Safetensors.HashName], Encoding.UTF8.GetString(bytes));
        Succeed("mlp", "--export new/mlp.onnx");
        Assert.Equal(bytes, File.ReadAllBytes(_folder["new/mlp.onnx"]));
    }

    [Fact]
    public void Resume_WordsMoved_NamesTheRemedyAndResumesThere()
    {
        Train("mlp", "--max-steps 8");
        var whole = File.ReadAllBytes(_folder["out/state.safetensors"]);
        Train("mlp", "--max-steps 4");
        Assert.Contains("step 6 train loss", Succeed("mlp", "--resume --max-steps 6"));
        File.Move(_folder["data/own.txt"], _folder["moved.txt"]);
        Assert.Equal(
            "mlp: out/state.safetensors: the words that it was trained on are no longer in data/own.txt; --input-file says where they are now",
            Fail("mlp", "--resume --max-steps 8"));
        // Other line ends are the same words.
        File.WriteAllText(_folder["moved.txt"], "\uFEFF" + File.ReadAllText(_folder["moved.txt"]).Replace("\n", "\r\n"));
        Succeed("mlp", "--resume --max-steps 8 -i moved.txt");
        Assert.Equal(whole, File.ReadAllBytes(_folder["out/state.safetensors"]));
        Assert.Contains("already at step 8", Succeed("mlp", "--resume --max-steps 8"));
    }

    [Theory]
    [InlineData("--sample-only", "model"), InlineData("--evaluate data/own.txt", "model"), InlineData("--resume", "state")]
    public void Use_OtherWords_FailsWithOneLine(string use, string file)
    {
        Train("mlp");
        File.WriteAllLines(_folder["other.txt"], File.ReadLines(_folder["data/own.txt"]).Reverse());
        Assert.Equal(
            $"mlp: out/{file}.safetensors: holds a run that was trained on other words than other.txt; "
                + "without --input-file the run's own are used",
            Fail("mlp", $"{use} -i other.txt"));
    }

    /// <summary>On another machine, in another place of another clone, with the words in the project.</summary>
    [Fact]
    public void WorkDir_Moved_WorksWithTheProjectsFiles()
    {
        var near = Path.Combine(Script.HostProcess.Repository, "scripts", "compare.csx");
        Assert.Equal("../../data/names.txt", RecordedPath.Of("out/mlp", "data/names.txt"));
        foreach (var file in new[] { "data/names.txt", "scripts/tweaks/gated-mlp.csx" })
            Assert.Equal(
                Path.Combine(Script.HostProcess.Repository, file),
                Path.GetFullPath(Assert.Single(RecordedPath.Find(_folder["moved"], $"../../{file}", near))));
        Assert.Empty(RecordedPath.Find(_folder["moved"], "../../data/none.txt", near));
    }

    [Fact]
    public void Record_OfAnUnfinishedRun_IsNotOfTheModel()
    {
        Train("mlp");
        Assert.True(Read().IsRight);
        var old = File.ReadAllBytes(_folder["out/run.json"]);
        Fail("mlp", "-i data/own.txt --n-embd 4 --n-embd2 4 --optimizer sgd -l 1e9 --warmup 1000000000 --weight-decay 0.5 --eval-every 1 --max-steps 5000");
        var error = Read().Message();
        Assert.Equal(
            "out: no finished run: run.json is not of the model in model.safetensors; --resume finishes a run that was stopped",
            error.Replace(_folder.FullName + Path.DirectorySeparatorChar, ""));
        File.WriteAllBytes(_folder["out/run.json"], old);
        Assert.Equal(error, Read().Message());
    }

    /// <summary>A culture with signs of its own, none of which may appear in a file or on the screen.</summary>
    [Fact]
    public void Run_InAnyCulture_WritesInvariantNumbers()
    {
        var before = CultureInfo.CurrentCulture;
        var odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (odd.NumberFormat.NumberDecimalSeparator, odd.NumberFormat.NumberGroupSeparator) = ("⁇", "⁈");
        (odd.NumberFormat.NegativeSign, odd.NumberFormat.PercentSymbol, odd.NumberFormat.NaNSymbol) = ("⁉", "⁇", "⁇");
        try
        {
            CultureInfo.CurrentCulture = odd;
            var output = Train("mlp", "--split 79.5/10.5/10 --seed -5 --diagnose --max-steps 8 --eval-every 4 -l 0.001")
                + Succeed("mlp", "--sample-only --explain") + Succeed("mlp", "--evaluate data/own.txt")
                + Succeed("mlp", "--evaluate data/own.txt --json") + Succeed("mlp", "-i data/own.txt --n-embd 4 --n-embd2 4 --check-gradients --overfit-batch");
            Assert.Contains("\"--split\":\"79.5/10.5/10\"", File.ReadAllText(_folder["out/run.json"]));
            var texts = Directory.GetFiles(_folder["out"]).Select(File.ReadAllText).Append(output).ToArray();
            Assert.Equal(8, texts.Length);
            Assert.All(texts, text => Assert.DoesNotMatch("[⁇⁈⁉]", text));
            Succeed("mlp", "--resume --split 79.5/10.5/10 --max-steps 9");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private LanguageExt.Either<Fault, FinishedRun> Read() => FinishedRun.Read(_folder["out"], ScriptFile.PathOf("mlp"));

    private string Train(string script, string arguments = "")
    {
        (string, string)[] small = [("--n-embd", "4"), ("--n-embd2", "4"), .. arguments.Contains("--max-steps") ? [] : new[] { ("--max-steps", "2") }];
        var sizes = ScriptFile.Of(script).IsCounted ? [] : ScriptFile.Of(script).Arguments(small);
        return Succeed(script, $"-i data/own.txt {string.Join(' ', sizes)} {arguments}");
    }

    private string Succeed(string script, string arguments)
    {
        var outcome = Run(script, arguments);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        return outcome.Output;
    }

    private string Fail(string script, string arguments)
    {
        var outcome = Run(script, arguments);
        Assert.Equal(1, outcome.ExitCode);
        return outcome.Error;
    }

    private Script.Outcome Run(string script, string arguments) => InProcess.Run(
        ScriptFile.PathOf(script), _folder.FullName,
        [.. Small, "-o", "out", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]).Outcome;
}
