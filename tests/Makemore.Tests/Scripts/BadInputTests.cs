using Makemore.Tests.Script;

namespace Makemore.Tests.Scripts;

/// <summary>Bad options and files: an error on one line, exit code 1, nothing written.</summary>
public sealed class BadInputTests : IClassFixture<BadInputTests.Inputs>
{
    private const string Train =
        "mlp -i names.txt -o new --max-steps 1 --num 1 --report-samples 20 --n-embd 4 --n-embd2 4 ";

    private const string Evaluate = "mlp -i names.txt -o saved --evaluate ";

    // A command line, and its error.
    private static readonly (string Arguments, string Error)[] Table =
    [
        ("mlp -o new -i none.txt", "none.txt: no such file; --input-file takes a text file with one word per line"),
        ("mlp -o new -i folder", "folder: is a folder, not a file; --input-file takes"),
        ("mlp -o new -i empty.txt", "empty.txt: the file is empty; --input-file takes"),
        ("mlp -o new -i blank.txt", "blank.txt: there are only blank lines; --input-file takes"),
        ("mlp -o new -i single.txt", "single.txt: 1 word is too few to split"),
        ("mlp -o new -i latin1.txt", "latin1.txt: line 3 is not UTF-8"),
        ("mlp -o new -i huge.txt", "huge.txt: line 1 is longer than 1 MiB"),
        ("mlp -o new -i long.txt", "--block-size 1102 accepts it"),
        ("mlp -o new -i names.txt --windows", "--windows: give the length of a window too, with --block-size"),
        ("mlp -o new -i names.txt --deduplicate --in-memory 0", "names.txt: above 0 MiB equal words are not looked for"),
        ("mlp -o new -i names.txt --max-word-length 5 --in-memory 0", "names.txt: above 0 MiB long words are not left out"),
        ("ngram -o new -i none.txt", "none.txt: no such file"),
        ("mlp -i names.txt -o new --n-embd 2000000000", "mlp: a model of these sizes has a tensor of "),
        ("mlp -i names.txt -o new -b 2000000000", "elements, more than the maximum of 2,147,483,583; lower --batch-size"),
        ("transformer -i names.txt -o new --block-size 1048575", "elements, more than the maximum of 2,147,483,583; lower --block-size"),
        ("transformer -i names.txt -o new --n-layer 1000000000", "transformer: a model of these sizes needs at least "),
        (Train + "--seed 3000000000", "--seed 3000000000: give a whole number, up to 2147483647"),
        (Train + "--save-every 3000000000", "--save-every 3000000000: give a whole number of 0 or more, up to 2147483647"),
        ("mlp -i names.txt -o new --report-samples 2147483647", "--report-samples 2147483647: give a whole number of 0 or more, up to 1000000"),
        (Train + "--threads 2147483647", "--threads 2147483647: give a whole number of 1 or more, up to 1024"),
        (Train + "--max-length 2147483647", "--max-length 2147483647: give a whole number of 1 or more, up to 1048576"),
        (Train + "--no-such-option 5", "'--no-such-option'"),
        (Train + "--sample-only --evaluate names.txt", "mlp: --sample-only excludes --evaluate"),
        (Train + "--sample-only --explain --json", "mlp: --json excludes --explain"),
        (Train + "--resume --find-lr", "mlp: --resume excludes --find-lr"),
        (Train + "--evaluate names.txt --overfit-batch", "mlp: --evaluate excludes --overfit-batch"),
        (Train + "--block-size 5", "and does not fit: --block-size must be 11 or more, not 5"),
        (Train + "--block-size 0", "--block-size 0: give a whole number of 2 or more"),
        (Train + "--no-such-option", "--no-such-option"),
        (Train + "--batch-size 0", "--batch-size 0: give a whole number of 1 or more"),
        (Train + "--batch-size many", "--batch-size many: give a whole number"),
        (Train + "--temperature -1", "--temperature -1: give a number of 0 or more"),
        (Train + "--temperature NaN", "--temperature NaN: give a number of 0 or more"),
        (Train + "--top-k 0", "--top-k 0: give a whole number"),
        (Train + "--top-p 1.5", "--top-p 1.5: give a number of 0 or more, up to 1"),
        (Train + "--learning-rate NaN", "--learning-rate NaN: give a number of 0 or more"),
        (Train + "--weight-decay -0.1", "--weight-decay -0.1: give a number of 0 or more"),
        (Train + "--optimizer foo", "--optimizer foo: give one of adamw, muon, sgd, momentum, nesterov, lion"),
        (Train + "--schedule foo", "--schedule foo: give one of constant, cosine, step, one-cycle"),
        (Train + "--decay none", "--decay none: give one of all, matrices"),
        (Train + "--schedule-steps 0", "--schedule-steps 0: give a whole number of 1 or more"),
        (Train + "--warmup -1", "--warmup -1: give a whole number of 0 or more"),
        (Train + "--grad-clip -1", "--grad-clip -1: give a number of 0 or more"),
        (Train + "--accumulate 0", "--accumulate 0: give a whole number of 1 or more"),
        (Train + "--accumulate 2", "mlp: --accumulate 2 --max-steps 1: no update would be made, because each takes 2 steps"),
        (Train + "--ema 1", "--ema 1: give a number of 0 or more, up to 0.999999"),
        (Train + "--dropout 1", "--dropout 1: give a number of 0 or more, up to 0.99"),
        (Train + "--label-smoothing 1", "--label-smoothing 1: give a number of 0 or more, up to 0.99"),
        (Train + "--eval-every 0", "--eval-every 0: give a whole number of 1 or more"),
        (Train + "--save-every -1", "--save-every -1: give a whole number of 0 or more"),
        (Train + "--patience -1", "--patience -1: give a whole number of 0 or more"),
        (Train + "--learning-rate Infinity", "--learning-rate Infinity: give a number"),
        (Train + "--context 0", "--context 0: give a whole number of 1 or more"),
        (Train + "--threads 0", "--threads 0: give a whole number of 1 or more"),
        (Train + "--engine foo", "--engine foo: give one of managed, torch"),
        (Train + "--device gpu", "--device gpu: give one of cpu, cuda, cuda:N, mps"),
        (Train + "--device cuda", "mlp: --device cuda: only --engine torch has devices"),
        (Train + "--split 90/20/10", "mlp: --split 90/20/10: give shares"),
        (Train + "--prompt Q", "mlp: --prompt: 'Q'"),
        ("mlp --max-steps", "mlp: --max-steps: its value is missing (--help lists the options)"),
        ("mlp --max-steps --eval-every 5", "mlp: --max-steps: its value is missing (--help lists the options)"),
        ("mlp --n-embd 0", "--n-embd 0: give a whole number of 1 or more"),
        ("transformer -i names.txt -o new --n-embd 10 --n-head 4", "--n-embd 10 does not divide into --n-head 4 heads"),
        ("modern -i names.txt -o new --n-embd 12 --n-head 4", "--n-embd 12 does not divide into --n-head 4 heads of an even size"),
        ("ngram -i names.txt -o new --order 0", "--order 0: give a whole number of 1 or more"),
        ("bigram -i names.txt -o new --smoothing -1", "--smoothing -1: give a number of 0 or more"),
        ("mlp -i names.txt -o file", "cannot be written, because file is a file, not a folder"),
        ("bigram -i names.txt -o file/below", "file"),
        ("mlp -i names.txt -o new --sample-only", "new/model.safetensors: no saved run; train first"),
        (Train + "--json", "mlp: --json needs --evaluate or --sample-only"),
        ("mlp -i names.txt -o new --report-samples -1", "--report-samples -1: give a whole number of 0 or more"),
        (Train + "--explain", "mlp: --explain needs --sample-only"),
        (Train + "--max-seconds 0", "--max-seconds 0: give a whole number of 1 or more"),
        ("mlp -i names.txt -o new --evaluate names.txt", "new/model.safetensors: no saved run; train first"),
        (Evaluate + "none.txt", "none.txt: no such file"),
        (Evaluate + "other.txt --json", "other.txt: line 301: 'Ünal' has 'Ü', which is not in the vocabulary"),
        (Evaluate + "long.txt", "long.txt: line 2 has 1101 characters, and the saved model takes at most 10"),
        ("mlp -o new --export new.onnx", "new/model.safetensors: no saved run; train first"),
        ("mlp -o saved --export folder", "folder: is a folder, not a file"),
        ("mlp -o saved --export new/", "new/: is a folder, not a file"),
        ("mlp -o saved --export file/below", "cannot be written, because file is a file, not a folder"),
        ("mlp -o saved --export file", "file: Makemore did not write this file as ONNX and will not replace it; choose another name, or move it"),
        ("mlp -o saved --export saved/model.safetensors", "saved/model.safetensors: Makemore did not write this file as ONNX"),
        ("mlp -o saved --export new.onnx --sample-only", "mlp: --sample-only excludes --export"),
        ("mlp -o saved --export new.onnx --resume", "mlp: --export excludes --resume"),
        ("mlp -o saved --export new.onnx --json", "mlp: --json needs --evaluate or --sample-only"),
        ("mlp -o truncated --export new.onnx", "truncated/model.safetensors: truncated"),
        ("ngram -o counted --export new.onnx", "ngram: ngram cannot be written as a graph: its forward pass reads numbers out of"),
        ("mlp -i names.txt -o new --resume", "new/state.safetensors: no saved run; train first"),
        ("mlp -i names.txt -o saved --sample-only --n-embd 5", "--n-embd 5: the saved run has 4"),
        ("mlp -i names.txt -o saved --resume --max-word-length 3", "--max-word-length 3: the saved run has none"),
        ("mlp -i names.txt -o saved --resume --batch-size 3", "--batch-size 3: the saved run has 32"),
        ("rnn -i names.txt -o saved --sample-only", "saved/model.safetensors: holds the model 'mlp', not 'rnn'"),
        ("rnn -i names.txt -o saved --resume", "saved/state.safetensors: holds the model 'mlp', not 'rnn'"),
        ("mlp -i other.txt -o saved --sample-only", "saved/model.safetensors: holds a run that was trained on other words than other.txt"),
        ("mlp -i other.txt -o saved --resume", "saved/state.safetensors: holds a run that was trained on other words than other.txt"),
        ("mlp -i names.txt -o truncated --sample-only", "truncated/model.safetensors: truncated"),
        ("mlp -i names.txt -o truncated --resume", "truncated/state.safetensors: truncated"),
        ("mlp -i names.txt -o newer --sample-only", "newer/model.safetensors: written by a newer Makemore, in format 'makemore 3'"),
        ("mlp -i names.txt -o newer --resume", "newer/state.safetensors: written by a newer Makemore, in format 'makemore 3'"),
        ("mlp -i names.txt -o doublings --sample-only", "doublings/model.safetensors: merge 1, of tokens 97 and 97, makes the tokens longer than "),
        ("mlp -i names.txt -o doublings --resume", "doublings/state.safetensors: merge 1, of tokens 97 and 97, makes the tokens longer than "),
        ("mlp -i names.txt -o new --from doublings", "--from: doublings/model.safetensors: merge 1, of tokens 97 and 97, makes the tokens longer than "),
        ("mlp -i names.txt -o foreign --sample-only", "foreign/model.safetensors: not a checkpoint of Makemore"),
        ("mlp -i names.txt -o foreign --resume", "foreign/state.safetensors: not a checkpoint of Makemore"),
        ("mlp -i names.txt -o garbage --sample-only", "garbage/model.safetensors: not a safetensors file"),
        ("mlp -i names.txt -o garbage --resume", "garbage/state.safetensors: not a safetensors file"),
        ("mlp -i names.txt -o corrupted --sample-only", "corrupted/model.safetensors: corrupted"),
        ("mlp -i names.txt -o corrupted --resume", "corrupted/state.safetensors: corrupted"),
    ];

    private readonly Inputs _inputs;

    public BadInputTests(Inputs inputs) => _inputs = inputs;

    public static TheoryData<string, string> Rows => Table.Rows();

    [Theory]
    [MemberData(nameof(Rows))]
    public void Script_OfBadInput_SaysItInALineAndWritesNothing(string arguments, string error)
    {
        var before = _inputs.Listing();
        var outcome = _inputs.Run(arguments);
        AssertError(outcome, error);
        Assert.Equal(before, _inputs.Listing());
    }

    [Fact]
    public void Resume_DifferentOptions_RejectsEachByName()
    {
        var others = "--batch-size 3|--learning-rate 0.5|--weight-decay 0.5|--decay matrices|--optimizer sgd|--schedule cosine|"
            + "--schedule-steps 7|--warmup 3|--grad-clip 2|--accumulate 2|--ema 0.5|--label-smoothing 0.2|--eval-every 3|"
            + "--patience 3|--seed 1|--split-seed 1|--split 80/10/10|--block-size 20|--context 4|--n-embd 5|--n-embd2 5|--dropout 0.3";
        var before = _inputs.Listing();
        var outcome = _inputs.Run($"mlp -i names.txt -o saved --resume --deduplicate {others.Replace('|', ' ')}");
        Assert.Equal(
            others.Split('|').Append("--deduplicate True").Select(option => $"mlp: {option}: the saved run has ").Order(),
            outcome.Error.Split('\n').Select(line => line[..(line.IndexOf(" has ", StringComparison.Ordinal) + 5)]).Order());
        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal(before, _inputs.Listing());
    }

    // Nobody can write to /sys, not even root.
    [LinuxFact("/sys is on Linux")]
    public void WorkDir_NotWritable_FailsWithOneLine() =>
        AssertError(_inputs.Run(Train.Replace("new", "/sys/makemore")), "permission denied");

    /// <summary>A limit on the file size simulates a full disk.</summary>
    [LinuxFact("ulimit is in a shell")]
    public void Checkpoint_DiskFull_KeepsTheOldOneAndFails()
    {
        var before = _inputs.Checkpoints();
        var outcome = _inputs.RunWithFileLimit("mlp -i names.txt -o saved --resume --max-steps 2 --num 1");
        AssertError(outcome, "saved/state.safetensors: ");
        Assert.Equal(before, _inputs.Checkpoints());
    }

    private static void AssertError(Script.Outcome outcome, string error)
    {
        Assert.Contains(error, outcome.Error);
        Assert.DoesNotContain('\n', outcome.Error);
        Assert.DoesNotContain("   at ", outcome.Error + outcome.Output);
        Assert.Equal(1, outcome.ExitCode);
    }

    /// <summary>A folder with bad inputs of every kind.</summary>
    public sealed class Inputs : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Inputs()
        {
            var names = File.ReadAllBytes(ScriptProcess.At("names.txt"));
            _folder.Write("names.txt", names);
            _folder.Write("other.txt", [.. names, .. "Ünal\n"u8]);
            _folder.Write("empty.txt", "");
            _folder.Write("blank.txt", "\n  \n\r\n\t\n");
            _folder.Write("single.txt", "emma\n");
            _folder.Write("latin1.txt", [.. "emma\nava\nzo"u8, 0xEB, (byte)'\n']);
            _folder.Write("long.txt", $"emma\n{new string('a', 1101)}\n");
            _folder.Write("file", "in the way");
            using (var huge = File.Create(_folder["huge.txt"]))
                huge.SetLength(200 << 20);
            Directory.CreateDirectory(_folder["folder"]);
            Assert.Equal(0, Run(Train.Replace("new", "saved")).ExitCode);
            Assert.Equal(0, Run("ngram -i names.txt -o counted --order 2 --num 1 --report-samples 20").ExitCode);
            foreach (var file in new[] { "model.safetensors", "state.safetensors" })
            {
                var bytes = File.ReadAllBytes(_folder[$"saved/{file}"]);
                Put($"truncated/{file}", bytes[..^10]);
                bytes[^10] ^= 1;
                Put($"corrupted/{file}", bytes);
                Put($"garbage/{file}", [.. "no tensors at all, but text that is long enough"u8]);
                var (leaves, metadata) = Safetensors.Read(_folder[$"saved/{file}"]).Value();
                Damage("newer", "format", "makemore 3");
                Damage("doublings", "merges", CheckpointTests.Doublings);
                Safetensors.Write(_folder[$"foreign/{file}"], leaves).Value();

                void Damage(string folder, string key, string value)
                {
                    Directory.CreateDirectory(_folder[folder]);
                    Safetensors.Write(
                        _folder[$"{folder}/{file}"], leaves, new Dictionary<string, string>(metadata) { [key] = value }).Value();
                }
            }
        }

        /// <summary>Runs a script in the folder.</summary>
        internal Script.Outcome Run(string arguments) =>
            Words(arguments) is [var script, .. var rest] ? InProcess.Run(script, _folder.FullName, rest).Outcome : new(0, "", "");

        /// <summary>Runs a script that may not write files larger than 4 KiB (8 blocks).</summary>
        internal Script.Outcome RunWithFileLimit(string arguments) => HostProcess.Run(
            "sh", _folder["."], ScriptProcess.At("cache"),
            ["-c", "trap '' XFSZ; ulimit -f 8; exec \"$@\"", "sh", "dotnet", HostProcess.Path, "--no-cache", .. Words(arguments)],
            // Otherwise the runtime keeps compiled code in a large file.
            ("DOTNET_EnableWriteXorExecute", "0"));

        /// <summary>All files and folders, with sizes and modification times.</summary>
        internal string[] Listing() =>
        [
            .. from entry in new DirectoryInfo(_folder["."]).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
               orderby entry.FullName
               select $"{entry.FullName} {(entry as FileInfo)?.Length} {(entry as FileInfo)?.LastWriteTimeUtc:O}",
        ];

        /// <summary>The checkpoint files of the saved run, temporary ones included, with their contents.</summary>
        internal string[] Checkpoints() =>
        [
            .. Directory.EnumerateFiles(_folder["saved"], "*.safetensors*").Order()
                .Select(path => $"{path} {Convert.ToBase64String(File.ReadAllBytes(path))}"),
        ];

        public void Dispose() => _folder.Dispose();

        private static string[] Words(string arguments) =>
            arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var script, .. var rest]
                ? [ScriptFile.PathOf(script), .. rest]
                : [];

        private void Put(string name, byte[] bytes)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
            _folder.Write(name, bytes);
        }
    }
}
