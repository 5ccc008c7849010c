using System.Security.Cryptography;
using System.Text;

namespace Makemore.Tests;

/// <summary>The hash is of the words, and not of the bytes of their file.</summary>
public sealed class WordsHashTests : IDisposable
{
    private static readonly string Plain = new(
        [.. string.Concat(Enumerable.Range(0, 3000).Select(i => $"{(i % 3 == 0 ? "zoë" : "word")}{i * i}\n")), .. new string('é', 40_000), '\n']);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> SameWords =>
    [
        Plain, Plain.Replace("\n", "\r\n"), "\uFEFF" + Plain, Plain.TrimEnd('\n'), Plain.Replace("\n", " \n\n\t"),
    ];

    [Theory]
    [MemberData(nameof(SameWords))]
    public void Hash_SameWords_IsThatOfThePlainFile(string text) =>
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Plain))), HashOf(text));

    [Theory]
    [InlineData("olivia\nemma\n"), InlineData("emmaolivia\n"), InlineData("emma\nolivia\nolivia\n"), InlineData("Emma\nolivia\n")]
    public void Hash_OtherWords_Differs(string text) => Assert.NotEqual(HashOf("emma\nolivia\n"), HashOf(text));

    [Fact]
    public void Hash_Deduplicated_IsThatOfTheFile()
    {
        var options = new CorpusOptions(_folder.Write("words.txt", "emma\nolivia\nemma\n"));
        Assert.Equal(Read(options).Hash, Read(options with { Deduplicate = true }).Hash);
    }

    /// <summary>The hash of a file's words, which is the same in memory and from its index.</summary>
    private string HashOf(string text)
    {
        IWords words = Words.Read(_folder.Write("words.txt", text)).Value();
        Assert.Equal(words.Hash, FileWords.Open(_folder["words.txt"]).Value().Hash);
        return words.Hash;
    }

    private static Corpus Read(CorpusOptions options) => Corpus.Read(options, Key.FromSeed(1)).Value();
}
