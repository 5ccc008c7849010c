using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LanguageExt;

namespace Makemore.Tests;

/// <summary>Whatever is in a file, reading it gives a value or a short fault on one line, and no exception. The files are the same in
/// every run, several thousand of them; hashes, which anybody can compute, are made to fit.</summary>
public sealed class FuzzTests : IDisposable
{
    // Cases by each kind of mutation of each file. Together they must be 3,000 or more; there are about 8,000.
    private const int Few = 200, Many = 1000;

    private static readonly Transform Optimizer = Optimizers.AdamW(0.1f).Then(Transforms.Ema(0.9f));

    private static readonly ModelCard Card = new(
        "toy", Vocabulary.Of(Words.Of("abcd")), 4,
        ImmutableSortedDictionary<string, string>.Empty.Add(ModelCard.WordsHash, "e5").Add("--seed", "1"), "toy.csx", "00");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Model_Damaged_IsReadOrAFault()
    {
        Checkpoint.SaveModel(_folder["model"], Toy.Model, Toy.Init(default), Card).Value();
        var file = File.ReadAllBytes(_folder["model"]);
        ReadAll(Mutations.OfBytes(file, Many).Concat(Resealed(file)), path =>
            from metadata in Safetensors.ReadMetadata(path)
            from card in ModelCard.Of(metadata)
            from p in Checkpoint.LoadModel(path, Toy.Init(default), Card)
            select (object)(card, p));
    }

    [Fact]
    public void CardOfBytePairs_Damaged_IsReadOrAFault()
    {
        var card = Card with { Vocabulary = Vocabulary.Of(BytePairs.Learn(["abcabcabc", "abcabc"], 5)) };
        Checkpoint.SaveModel(_folder["pairs"], Toy.Model, Toy.Init(default), card).Value();
        ReadAll(Resealed(File.ReadAllBytes(_folder["pairs"]), Few), path =>
            ModelCard.Read(path).Map(read => (object)read.Vocabulary.Size));
    }

    [Fact]
    public void State_Damaged_IsReadOrAFault()
    {
        var progress = Progress<ToyParams>.Start(Toy.Start(Optimizer)).After(Toy.Init(default), new(3, 2, 1.5, 0.1));
        Checkpoint.SaveState(_folder["state"], progress, Card).Value();
        var file = File.ReadAllBytes(_folder["state"]);
        ReadAll(Mutations.OfBytes(file, Few).Concat(Resealed(file)), path =>
            Checkpoint.LoadState(path, Toy.Init(default), Optimizer, Card).Map(loaded => (object)loaded.EvaluationsSinceBest));
    }

    [Fact]
    public void Words_Damaged_AreTheSameInMemoryAndInAFile()
    {
        var file = Encoding.UTF8.GetBytes("\uFEFFemma\r\n\nolivia\n  zoë\n🙂👍🏽\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"{i}\n")));
        ReadAll(Mutations.OfBytes(file, Few), path =>
        {
            var read = Words.Read(path);
            Assert.Equal(read.Match(words => words.All(), fault => [fault.Message]), FileWords.Open(path).Match(
                words => words.All(), fault => [fault.Message]));
            return read.Map(words => (object)words);
        });
    }

    /// <summary>An index gives the words of the file, or is built again.</summary>
    [Fact]
    public void Index_Damaged_GivesTheSameWordsOrAFault()
    {
        string[] words = [.. Enumerable.Range(0, 1000).Select(i => $"word{i * i}")];
        var path = _folder.Write("words.txt", string.Join('\n', words));
        FileWords.Open(path).Value();
        var index = File.ReadAllBytes($"{path}.index");
        var offsets = index.Length - 36 - BinaryPrimitives.ReadInt32LittleEndian(index.AsSpan(index.Length - 36));
        var bodies = Mutations.OfBytes(index[..offsets], Few).Select(bytes => (bytes, index[offsets..^36])).Concat(
            Mutations.OfJson(Encoding.UTF8.GetString(index.AsSpan(offsets..^36)), Few).Select(text => (index[..offsets], Encoding.UTF8.GetBytes(text))));
        var (files, whole) = (0, 0);
        foreach (var (bytes, json) in bodies)
        {
            byte[] body = [.. bytes, .. json, .. BitConverter.GetBytes(json.Length)];
            File.WriteAllBytes($"{path}.index", [.. body, .. SHA256.HashData(body)]);
            var read = FileWords.Open(path).Value();
            Assert.Equal(words.Length, read.Count);
            Assert.InRange(read.Longest().Index, 0, read.Count - 1);
            var found = Enumerable.Range(0, words.Length).Where(i => i % 9 == 0).Select(i => (Word: Read(read, i), Was: words[i])).ToArray();
            Assert.DoesNotContain(found, pair => pair.Word is not null && pair.Word != pair.Was);
            files++;
            whole += found.All(pair => pair.Word is not null) ? 1 : 0;
        }
        // In few, an offset is wrong that opening does not read.
        Assert.InRange(whole, 0.9 * files, files);

        static string? Read(FileWords words, int index)
        {
            try
            {
                return words[index];
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    [Fact]
    public void RunRecord_Damaged_IsReadOrAFault()
    {
        _folder.Write("toy.csx", "");
        Checkpoint.SaveModel(_folder["model.safetensors"], Toy.Model, Toy.Init(default), Card).Value();
        var hash = Safetensors.ReadMetadata(_folder["model.safetensors"]).Value()[Safetensors.HashName];
        var record = new RunRecord("toy", "toy.csx", "00", 5, 10, 0.5, Card.Options, "../words.txt", "e5", 9, 0, 1, 4, hash);
        Assert.True(FinishedRun.Read(_folder["."], _folder["toy.csx"]) is { IsLeft: true });
        JsonFile.Write(_folder["run.json"], record).Value();
        FinishedRun.Read(_folder["."], _folder["toy.csx"]).Value();
        ReadAll(Texts(record, Many), path => FinishedRun.Read(_folder["."], _folder["toy.csx"]).Map(run =>
            (object)(run.Arguments, run.HasChanged, run.Words, new Trust(_folder["toy.csx"], false).Accept(run).IsLeft)), "run.json");
    }

    [Fact]
    public void Metrics_Damaged_AreShown()
    {
        var lines = Texts(new Metrics(10, 2, "test", 2.1, 0.1, 0.01, 1, 2, 3), Many / 2)
            .Concat(Texts(new InitialMetrics(0, 3.3, 3.2), Few)).Concat(Texts(new BatchMetrics(10, 2.5), Few));
        ReadAll(
            lines.Select(line => Encoding.UTF8.GetBytes($"{Line(5)}\n{Encoding.UTF8.GetString(line)}\n{Line(15)}")),
            path => MetricsSink.Read(path).Map(curves => (object)(new RunReport(Card, []) { Curves = curves }).ToReport().ToHtml()));

        static string Line(long step) =>
            $"{JsonFile.Show(new BatchMetrics(step, 3.2))}\n{JsonFile.Show(new Metrics(step, 3, "test", 3.1, 0.1, 0.01, 1, 2, 3))}";
    }

    [Fact]
    public void Diagnostics_Damaged_AreShown()
    {
        ActivationRow tanh = new("mlp.0", "tanh", 0, 1, 0.2) { Histogram = new(-1, 1, [0.5, 0.5]), SaturatedUnits = [100, 0] };
        var diagnosis = new Diagnosis(1, [tanh], [new("w.weight", true, 0, 1, 1, -3)]);
        ReadAll(Texts(diagnosis, Many / 2), path => JsonFile.ReadLines<Diagnosis>(path).Map(snapshots =>
            (object)(new RunReport(Card, []) { Snapshots = [.. snapshots, diagnosis] }).ToReport().ToHtml()));
    }

    /// <summary>Files with a damaged header or damaged JSON in its metadata, and a hash that fits.</summary>
    private static IEnumerable<byte[]> Resealed(byte[] file, int headers = Many)
    {
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        var (header, data) = (Encoding.UTF8.GetString(file, 8, length), file[(8 + length)..]);
        var texts = JsonDocument.Parse(header).RootElement.GetProperty("__metadata__").EnumerateObject()
            .Where(text => text.Value.GetString()![0] is '[' or '{').ToArray();
        return Mutations.OfJson(header, headers).Concat(
            from text in texts
            from mutated in Mutations.OfJson(text.Value.GetString()!, Few)
            select header.Replace(text.Value.GetRawText(), JsonSerializer.Serialize(mutated))).Select(changed => Sealed(changed, data));
    }

    private static byte[] Sealed(string header, byte[] data)
    {
        var at = header.IndexOf("\"sha256\":\"", StringComparison.Ordinal) + 10;
        if (at < 10 || at + 64 > header.Length)
            return Joined(header, data);
        header = $"{header[..at]}{new string('0', 64)}{header[(at + 64)..]}";
        var hash = Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(header), .. data]));
        return Joined($"{header[..at]}{hash}{header[(at + 64)..]}", data);
    }

    private static byte[] Joined(string header, byte[] data)
    {
        var bytes = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((long)bytes.Length), .. bytes, .. data];
    }

    private static IEnumerable<byte[]> Texts<T>(T value, int count) =>
        Mutations.OfJson(JsonFile.Show(value), count).Select(Encoding.UTF8.GetBytes)
            .Concat(Mutations.OfBytes(Encoding.UTF8.GetBytes(JsonFile.Show(value)), Few));

    private void ReadAll(IEnumerable<byte[]> files, Func<string, Either<Fault, object>> read, string name = "file")
    {
        var path = _folder[name];
        foreach (var (i, file) in files.Index())
        {
            File.WriteAllBytes(path, file);
            var outcome = Outcome(i);
            if (outcome.IsRight)
                continue;
            var message = outcome.Message().Replace(_folder.FullName, "");
            Assert.True(message.Length <= 400 && !message.Contains('\0'), $"case {i}: {message}");
        }

        Either<Fault, object> Outcome(int i)
        {
            try
            {
                return read(path);
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                throw new Xunit.Sdk.XunitException($"case {i}: {e}\n{Encoding.UTF8.GetString(File.ReadAllBytes(path))}");
            }
        }
    }
}
