using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Makemore.Tests;

/// <summary>The data set of the project is as its README describes.</summary>
public sealed class NamesTests
{
    private static readonly string Names = Path.Combine(Path.GetDirectoryName(Here())!, "../../../data/names.txt");

    [Fact]
    public void Names_File_IsTheOneDescribed()
    {
        const string Hash = "627ce1b911bad87066fb821c8c8a361ca72f6a670e8ab77687285a6759f20420";
        Assert.Equal(Hash, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Names))));
        Assert.Contains(Hash, File.ReadAllText(Path.Combine(Path.GetDirectoryName(Names)!, "README.md")));
    }

    [Fact]
    public void Names_Words_AreTheOnesDescribed()
    {
        var words = Words.Read(Names).Value();
        var vocabulary = Vocabulary.Of(words);
        Assert.Equal(32_868, words.Count);
        Assert.Equal(30_294, Words.Deduplicate(words).Count);
        Assert.Equal("abcdefghijklmnopqrstuvwxyz", string.Concat(vocabulary.Elements));
        Assert.Equal(27, vocabulary.Size);
        Assert.Equal(16, BlockSize.Of(words).Value());
        Assert.Equal(2, words.All().Min(word => word.Length));
    }

    [Fact]
    public void Names_DefaultSplit_LeaksAboutFifteenPercent()
    {
        var words = Words.Read(Names).Value();
        var report = SplitReport.Of(words, Split.Of(words, Key.FromSeed(3407)).Value());
        Assert.Equal((32_868, 30_294, 31_868, 1000), (report.Words, report.Distinct, report.Train, report.Test));
        Assert.InRange(report.Leaked!.Value, 100, 200);
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
