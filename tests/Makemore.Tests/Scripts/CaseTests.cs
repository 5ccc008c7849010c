using System.Text;

namespace Makemore.Tests.Scripts;

/// <summary>Small files of words, each of a kind that people have, and what is right for it.</summary>
public sealed class CaseTests : IDisposable
{
    private static readonly string[] Names = [.. File.ReadLines(ScriptProcess.At("names.txt"))];

    // The name of a case, its file, and what the script says of it: an error if nothing is trained.
    private static readonly Dictionary<string, (byte[] File, string Says)> Known = new()
    {
        ["CRLF and a byte order mark"] = (Utf8("\uFEFF" + string.Join("\r\n", Names)), "data: 300 words (300 distinct), "),
        ["a byte order mark in each line"] = (Utf8(Lines(Names.Select(name => $"\uFEFF{name}"))), "text: 299 words had a byte order mark (U+FEFF), which is dropped"),
        ["decomposed letters"] = (Utf8(Many("zoe\u0308", "rene\u0301")), "text: 40 words rewritten in Unicode normalization form C"),
        ["one letter in two encodings"] = (Utf8(Many("zoë", "zoe\u0308")), "characters: o z ë\n"),
        ["decomposed Hangul"] = (Utf8(Many("\u1112\u1161\u11ab", "\u1100\u1175\u11b7")), "characters: 김 한\n"),
        ["UTF-16"] = ([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Lines(Names))], "the file is in UTF-16; convert it with iconv -f UTF-16 -t UTF-8"),
        ["UTF-16 without a mark"] = (Encoding.Unicode.GetBytes(Lines(Names)), "the file is in UTF-16LE; convert it with iconv -f UTF-16LE -t UTF-8"),
        ["ISO 8859-2"] = ([0xA3, .. Utf8("ukasz\njan\n")], "line 1 is not UTF-8: byte 0xA3 at offset 0; convert the file with iconv -f ENCODING -t UTF-8"),
        ["line ends of old Macs"] = (Utf8(string.Join('\r', Names)), "turn them into line feeds with tr '\\r' '\\n'"),
        ["a picture"] = (File.ReadAllBytes(Path.Combine(Script.HostProcess.Repository, "data", "report.png")), "not a text file: line 2 has byte 0x1A"),
        ["terminal controls"] = (Utf8(Many("a\u001b[31mb", "\u001b]0;x\u0007c")), "; invisible: U+0007 BELL, U+001B ESCAPE\n"),
        ["full stops and spaces"] = (Utf8(Many("J. R.", "St. Ann")), "invisible: U+0020 SPACE\n"),
        ["a word of 500 letters"] = (Utf8(Lines([.. Names, new string('a', 500)])), "warning: line 301: 'aaaaaaaaaaaaaaaaaaaa…' has 500 characters"),
        ["an empty file"] = ([], "the file is empty; --input-file takes a text file with one word per line"),
        ["one word"] = (Utf8("emma\n"), "1 word is too few to split"),
        ["two words"] = (Utf8("emma\nava\n"), "data: 2 words (2 distinct), 1 train, 1 test; "),
        ["ten words"] = (Utf8(Lines(Names[..10])), "data: 10 words (10 distinct), 9 train, 1 test; "),
        ["one word, many times"] = (Utf8(Many("emma", "emma")), "4 test words (100.0 %) are also in train: --deduplicate removes them"),
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Cases => [.. Known.Keys];

    public static TheoryData<string> Few => ["two words", "ten words", "one word, many times"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Bigram_OnAFile_SaysWhatItIs(string name)
    {
        var outcome = Run(name, "out");
        Assert.Contains(Known[name].Says, $"{outcome.Output}\n{outcome.Error}\n");
        Assert.Equal(outcome.ExitCode == 0 ? "" : $"bigram: words.txt: {outcome.Error.Split(": ", 3)[^1]}", outcome.Error);
        Assert.DoesNotContain(outcome.Output + outcome.Error, unit => unit != '\n' && char.IsControl(unit));
    }

    [Theory]
    [MemberData(nameof(Few))]
    public void Compare_OnFewWords_ClaimsNothing(string name)
    {
        Run(name, "a");
        Run(name, "b", "--smoothing", "3");
        var outcome = InProcess.Run(ScriptFile.PathOf("compare"), _folder.FullName, ["a", "b", "-o", "compared", "--samples", "20"]).Outcome;
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Contains("  too few words to tell  ", outcome.Output.Split('\n')[^1]);
    }

    private Script.Outcome Run(string name, string workDir, params string[] arguments)
    {
        _folder.Write("words.txt", Known[name].File);
        return InProcess.Run(
            ScriptFile.PathOf("bigram"), _folder.FullName,
            ["-i", "words.txt", "-o", workDir, "--report-samples", "20", .. arguments]).Outcome;
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static string Lines(IEnumerable<string> words) => string.Concat(words.Select(word => $"{word}\n"));

    private static string Many(string first, string second) => Lines(Enumerable.Repeat<string[]>([first, second], 20).SelectMany(pair => pair));
}
