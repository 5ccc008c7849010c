using FsCheck;
using FsCheck.Fluent;
using Makemore.Tests.Script;
using Makemore.Tests.Scripts;

namespace Makemore.Tests;

public sealed class BytePairsTests
{
    private const string English = """
        It's the first of the texts: we'll see that they're the same, that they've been the same, and I'd say so.
        	def f(x):  return x  # tabs,  two  spaces
        3.14159, 2,718,281 and 1,000,000; "quoted" -- and "quoted" again ... aaaaaaa aaaaaa aaaaa
        """;

    private const string World = "Ein Übergrößenträger, größer als größte Größe. Привет, мир, привет! 東京都 東京都庁 東京\n"
        + "e\u0301te\u0301 e\u0301 👩‍👩‍👧 👩‍👩‍👧 👍🏽 👍🏽 हिन्दी हिन्दी \u200B\u00A0\u00A0x\r\n\r\n";

    public static TheoryData<string> Texts => [English, World, string.Join('\n', File.ReadLines(Path.Combine(HostProcess.Repository, "data", "names.txt")).Take(2000))];

    /// <summary>The trainer of tokenizer.csx counts all pairs again for each merge.</summary>
    [Theory, MemberData(nameof(Texts))]
    public void Learn_OfAText_FindsTheMergesOfTheNaiveTrainer(string text)
    {
        using var folder = new TemporaryFolder();
        var (variables, outcome) = InProcess.Run(
            ScriptFile.PathOf("tokenizer"), ScriptProcess.Folder, ["-i", folder.Write("text.txt", text), "--tokens", "400"]);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var read = (string)variables!.GetType().GetField("text")!.GetValue(variables)!;
        var merges = (List<(int, int)>)variables.GetType().GetField("merges")!.GetValue(variables)!;
        var learned = BytePairs.Learn([read], 400 - BytePairs.Bytes);
        Assert.Equal(merges, learned.Merges);
        var encode = variables.GetType().GetMethod("Encode")!;
        Assert.Equal((int[])encode.Invoke(variables, [read])!, learned.Encode(read));
    }

    [Fact]
    public void Learn_OfTies_TakesTheLowestPair() => Assert.Equal(
        "(97, 98) (100, 101) (256, 99)", string.Join(' ', BytePairs.Learn(["de", "abc", "abc", "de", "x"], 100).Merges));

    [Fact]
    public void Encode_ThenDecode_IsTheIdentity()
    {
        var learned = BytePairs.Learn([English, World], 300);
        var texts = ArbMap.Default.GeneratorFor<string>().Where(text => text is not null).Select(WithoutHalves);
        Prop.ForAll(texts.ToArbitrary(), text => new[] { BytePairs.None, learned }.All(pairs => pairs.Decode(pairs.Encode(text)) == text))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));
    }

    /// <summary>So that a text may be encoded line by line.</summary>
    [Theory, MemberData(nameof(Texts))]
    public void Encode_OfAText_IsThatOfItsLines(string text)
    {
        var learned = BytePairs.Learn([text], 200);
        Assert.Equal(text.Split('\n').SelectMany((line, i) => learned.Encode((i > 0 ? "\n" : "") + line)), learned.Encode(text));
    }

    public static TheoryData<(int, int)[], string> Damaged => new()
    {
        { [(97, 98), (257, 97)], "merge 2, of tokens 257 and 97, does not join earlier tokens" },
        { [(-1, 98)], "merge 1, of tokens -1 and 98, does not join earlier tokens" },
        { [(97, 98), (97, 98)], "merge 2, of tokens 97 and 98, occurs twice" },
        {
            [(97, 97), .. Enumerable.Range(256, 39).Select(token => (token, token))],
            "merge 25, of tokens 279 and 279, makes the tokens longer than 67108864 bytes in all"
        },
    };

    [Theory, MemberData(nameof(Damaged))]
    public void FromMerges_Damaged_SaysWhichMerge((int, int)[] merges, string message) =>
        Assert.Equal(message, BytePairs.FromMerges(merges).Message());

    private static string WithoutHalves(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}
