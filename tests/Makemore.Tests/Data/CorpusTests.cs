using System.Runtime.CompilerServices;

namespace Makemore.Tests;

/// <summary>Results do not depend on whether the words are in memory.</summary>
public sealed class CorpusTests : IDisposable
{
    private static readonly Key Seed = Key.FromSeed(3407);
    private static readonly string Names = Path.Combine(Path.GetDirectoryName(Here())!, "../../../data/names.txt");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, "characters")]
    [InlineData("80/10/10", "characters")]
    [InlineData("80/10/10", "bytes")]
    [InlineData(null, "bpe:300")]
    public void Read_FromTheFile_EqualsMemory(string? shares, string tokens)
    {
        var options = new CorpusOptions(
            Copy(), Shares: shares is null ? null : SplitShares.Parse(shares).Value(), Tokens: TokenKind.Parse(tokens).Value());
        var (memory, file) = (Corpus.Read(options, Seed).Value(), Corpus.Read(options with { InMemory = 0 }, Seed).Value());
        Assert.IsType<Words>(memory.Words);
        Assert.IsType<FileWords>(file.Words);
        Assert.Equal((memory.BlockSize, memory.Vocabulary), (file.BlockSize, file.Vocabulary));
        Assert.Equal(memory.Report with { Distinct = null }, file.Report);
        Assert.Equal(memory.Split.Test.All(), file.Split.Test.All());
        Assert.Equal(memory.Split.Validation.All(), file.Split.Validation.All());
        AssertSameBatches(memory.Train, file.Train, memory.BlockSize, isWhole: false);
        AssertSameBatches(memory.Test, file.Test, memory.BlockSize, isWhole: true);
        Assert.Equal(Unseen(memory), Unseen(file));
        AssertSameBatches(memory.Train.Take(100), file.Train.Take(100), memory.BlockSize, isWhole: true);
        Assert.Equal(Counts(memory.Train), Counts(file.Train));
    }

    [Fact]
    public void Read_LargeToDeduplicate_IsRefused()
    {
        var path = _folder.Write("words.txt", "a\nb\n");
        Assert.Equal(
            $"{path}: above 0 MiB equal words are not looked for: make a file of distinct words first, for example with "
                + "LC_ALL=C sort -u",
            Corpus.Read(new(path, Deduplicate: true, InMemory: 0), Seed).Message());
    }

    [Fact]
    public void Read_BadBlockSize_HasTheFaultOfMemory()
    {
        var options = new CorpusOptions(_folder.Write("words.txt", "ab\n\nabcd\nabc\n"), BlockSize: 4);
        var message = Corpus.Read(options with { InMemory = 0 }, Seed).Message();
        Assert.Contains(": line 3: 'abcd' has 4 characters", message);
        Assert.Equal(Corpus.Read(options, Seed).Message(), message);
    }

    [Fact]
    public void Read_Windows_NeedTheirLength()
    {
        var options = new CorpusOptions(_folder.Write("words.txt", "abcdefgh\nijk\n"), Windows: true);
        Assert.Equal("give the length of a window too", Corpus.Read(options, Seed).Message());
        Assert.Equal(4, Corpus.Read(options with { BlockSize = 4 }, Seed).Value().BlockSize);
    }

    private static void AssertSameBatches(IEncodedWords expected, IEncodedWords actual, int blockSize, bool isWhole)
    {
        Assert.Equal(expected.Count, actual.Count);
        Assert.Equal(All(expected), All(actual));

        IEnumerable<int> All(IEncodedWords words)
        {
            var batches = new Batches(words, blockSize, 32);
            return (isWhole ? batches.InOrder() : batches.Drawn(Seed).Take(50))
                .SelectMany(batch => batch.X.ToInts().Concat(batch.Y.ToInts()));
        }
    }

    private static IEnumerable<KeyValuePair<(int, int), int>> Counts(IEncodedWords words) =>
        words.Pairs().CountBy(pair => pair).OrderBy(pair => pair.Key);

    private string Copy()
    {
        File.Copy(Names, _folder["names.txt"]);
        return _folder["names.txt"];
    }

    private static string Here([CallerFilePath] string path = "") => path;

    private static bool[] Unseen(Corpus corpus) =>
        [.. Enumerable.Range(0, (int)corpus.Test.Count).Select(i => corpus.IsUnseen(i))];
}
