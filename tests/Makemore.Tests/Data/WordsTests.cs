using System.Text;

namespace Makemore.Tests;

public sealed class WordsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("emma\nolivia\n", "emma:1 olivia:2")]
    [InlineData("emma\nolivia", "emma:1 olivia:2")]
    [InlineData("\uFEFFemma\r\n\r\n  olivia\t\r\n", "emma:1 olivia:3")]
    [InlineData("\n\u00a0\nzoë\n🙂\n", "zoë:3 🙂:4")]
    [InlineData("anna maria\n", "anna maria:1")]
    public void Read_Text_GivesTrimmedWordsAndLines(string text, string expected)
    {
        var words = Words.Read(_folder.Write("words.txt", text)).Value();
        Assert.Equal(expected, string.Join(' ', words.All().Select((word, i) => $"{word}:{words.Line(i)}")));
        Assert.Equal(words.All(), Enumerable.Range(0, (int)words.Count).Select(i => words[i]));
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("\r\n  \n\t\n", "there are only blank lines")]
    public void Read_NoWords_IsOneFault(string text, string expected)
    {
        var path = _folder.Write("words.txt", text);
        Assert.Equal($"{path}: {expected}", Words.Read(path).Message());
    }

    public static TheoryData<byte[], string> Encodings => new()
    {
        { [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("emma\nava\n")], "the file is in UTF-16; convert it with iconv -f UTF-16 -t UTF-8" },
        { [.. Encoding.UTF32.Preamble, .. Encoding.UTF32.GetBytes("emma\n")], "the file is in UTF-32; convert it with iconv -f UTF-32 -t UTF-8" },
        { Encoding.Unicode.GetBytes("emma\nava\n"), "the file is in UTF-16LE; convert it with iconv -f UTF-16LE -t UTF-8" },
        { Encoding.BigEndianUnicode.GetBytes("emma\r\nava\r\n"), "the file is in UTF-16BE; convert it with iconv -f UTF-16BE -t UTF-8" },
        { Encoding.Unicode.GetBytes("שלום\nאבא\nמים\n"), "the file is in UTF-16LE; convert it with iconv -f UTF-16LE -t UTF-8" },
        { [.. "a\n\nz"u8, 0xEB, .. "\nb"u8], "line 3 is not UTF-8: byte 0xEB at offset 4; convert the file" },
        { [.. "a\n"u8, 0xE2, 0x82], "line 2 is not UTF-8: byte 0xE2 at offset 2; convert the file" },
        { [.. "emma\nav\0a\nzoe\n"u8], "not a text file: line 2 has byte 0x00, which no text has" },
        { [0x89, .. "PNG\r\n\u001a\n\0\0\0\rIHDR"u8], "not a text file: line 2 has byte 0x1A, which no text has" },
        { [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF\0\u0001\u0001\0\0\u0001\0\u0001\0\0"u8], "not a text file: line 1 has byte 0x00, which no text has" },
        { [.. "emma\rava\r"u8], "line 1 has carriage returns inside, the line ends of old Macs; turn them into line feeds with tr '\\r' '\\n'" },
        { [.. string.Concat(Enumerable.Repeat("emma\r", 300_000)).Select(unit => (byte)unit)], "line 1 has carriage returns inside" },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Read_NotLinesOfUtf8_SaysWhatItIsAndHowToConvertIt(byte[] bytes, string expected)
    {
        var path = _folder.Write("words.txt", bytes);
        Assert.StartsWith($"{path}: {expected}", Words.Read(path).Message());
        Assert.Equal(Words.Read(path).Message(), FileWords.Open(path).Message());
    }

    [Theory]
    [InlineData("zoe\u0308\nzoë\n", "zoë zoë", 1, 0)]
    [InlineData("\u1112\u1161\u11ab\n", "한", 1, 0)]
    [InlineData("\uFEFFemma\n\uFEFFa\uFEFFva\nzoë\n", "emma ava zoë", 0, 1)]
    public void Read_EquivalentTexts_GivesTheSameWordsAndCountsThem(string text, string expected, int composed, int marks)
    {
        var path = _folder.Write("words.txt", text);
        foreach (var words in (IWords[])[Words.Read(path).Value(), FileWords.Open(path).Value()])
        {
            Assert.Equal(expected.Split(' '), words.All());
            Assert.Equal(new(composed, marks), words.Changes);
        }
    }

    [Fact]
    public void Read_NoFileOrFolder_IsOneFault()
    {
        Assert.Equal("none.txt: no such file", Words.Read("none.txt").Message());
        Assert.Equal(": no such file", Words.Read("").Message());
        Assert.EndsWith(": is a folder, not a file", Words.Read(_folder["."]).Message());
    }

    [LinuxFact("/proc is on Linux")]
    public void Read_Unreadable_IsOneFault() =>
        Assert.StartsWith("/proc/self/mem: ", Words.Read("/proc/self/mem").Message());

    [Fact]
    public void Read_EndlessLine_IsRefusedInBoundedMemory()
    {
        var path = _folder.Write("words.txt", "emma\n");
        using (var file = new FileStream(path, FileMode.Append))
            file.SetLength(200_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal($"{path}: line 2 is longer than 1 MiB", Words.Read(path).Message());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }

    [Fact]
    public void Read_LineOfMaxLength_IsAccepted()
    {
        var word = new string('a', Words.MaxLineLength - 1);
        Assert.Equal(word, Words.Read(_folder.Write("words.txt", $"a\n{word}\n")).Value()[1]);
    }

    [Fact]
    public void WithoutLong_Words_KeepsTheShortOnesAndTheirLines()
    {
        var words = Words.WithoutLong(Words.Of("abc", "a", "👍🏽", "ab"), 1);
        Assert.Equal(["a", "👍🏽"], words.All());
        Assert.Equal([2, 3], Enumerable.Range(0, 2).Select(i => words.Line(i)));
        Assert.Equal(2, words.Changes.TooLong);
    }

    [Fact]
    public void Deduplicate_Repetitions_KeepsTheFirstAndItsLine()
    {
        var words = Words.Deduplicate(Words.Of("b", "a", "b", "A", "a", "c"));
        Assert.Equal(["b", "a", "A", "c"], words.All());
        Assert.Equal([1, 2, 4, 6], Enumerable.Range(0, 4).Select(i => words.Line(i)));
    }
}
