namespace Makemore.Tests.Scripts;

/// <summary>Scripts on words that are not plain letters.</summary>
public sealed class TextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_OnDecomposedWords_SaysSoAndTakesEitherPrompt()
    {
        Write("zoe\u0308", "noe\u0308l");
        var output = Run("bigram");
        Assert.Contains("text: 40 words rewritten in Unicode normalization form C", output);
        Assert.Contains("characters: l n o z ë\n", output);
        Assert.Equal(Run("bigram --sample-only --prompt zoë"), Run("bigram --sample-only --prompt zoe\u0308"));
    }

    [Fact]
    public void Run_OnWordsThatControlATerminal_ShowsSigns()
    {
        Write("a\u001b[2Jb", "J.\u202eR \u2028x");
        var output = Run("bigram") + Run("bigram --sample-only --num 50") + Run("bigram --sample-only --explain --num 20");
        Assert.DoesNotContain(output, unit => unit is not '\n' && (char.IsControl(unit) || unit is '\u2028' or '\u202e'));
        Assert.Contains("U+001B ESCAPE, U+0020 SPACE, U+2028 LINE SEPARATOR, U+202E RIGHT-TO-LEFT OVERRIDE", output);
        foreach (var sign in new[] { "␛", "␣", "<U+202E>", "∎" })
            Assert.Contains(sign, output);
    }

    [Fact]
    public void Run_OnALongWord_NamesItAndCanLeaveItOut()
    {
        Write("ab", "ba", new string('b', 500));
        Assert.Matches("warning: line 41: 'b{20}…' has 500 characters.* --max-word-length 63 leaves such words out", Run("bigram"));
        var output = Run("bigram --max-word-length 63");
        Assert.Contains("text: left out 1 word that is too long\nvocabulary: 3 tokens; block size 3\n", output);
        Assert.DoesNotContain("warning", output);
    }

    /// <summary>27 / V is added to each count, and the table has logarithms.</summary>
    [Fact]
    public void Bigram_OfMoreThan27Tokens_AddsLessToEachCount()
    {
        Write("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        Run("bigram");
        var logits = Safetensors.Read(_folder["out/model.safetensors"]).Value().Leaves.Single().Value.ToArray();
        Assert.Equal(53 * 53, logits.Length);
        Assert.Equal(Math.Log(27.0 / 53), logits.Min(), 1e-6);
    }

    /// <summary>Writes twenty copies of the first two words, and one of each other.</summary>
    private void Write(string first, string second, params string[] others) => _folder.Write(
        "words.txt", string.Concat(Enumerable.Repeat($"{first}\n{second}\n", 20).Concat(others.Select(word => $"{word}\n"))));

    private string Run(string command)
    {
        var words = command.Split(' ');
        var outcome = InProcess.Run(
            ScriptFile.PathOf(words[0]), _folder.FullName,
            ["-i", "words.txt", "-o", "out", "--report-samples", "20", .. words[1..]]).Outcome;
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        return outcome.Output;
    }
}
