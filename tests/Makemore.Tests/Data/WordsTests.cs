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

    [Theory]
    [InlineData(1, new byte[] { 0xFF, 0xFE, (byte)'a', 0 })]
    [InlineData(3, new byte[] { (byte)'a', (byte)'\n', (byte)'\n', (byte)'z', 0xEB, (byte)'\n', (byte)'b' })]
    [InlineData(2, new byte[] { (byte)'a', (byte)'\n', 0xE2, 0x82 })]
    public void Read_NotUtf8_NamesTheLine(int line, byte[] bytes)
    {
        var path = _folder.Write("words.txt", bytes);
        Assert.StartsWith($"{path}: line {line} is not UTF-8; convert the file", Words.Read(path).Message());
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
    public void Deduplicate_Repetitions_KeepsTheFirstAndItsLine()
    {
        var words = Words.Deduplicate(Words.Of("b", "a", "b", "A", "a", "c"));
        Assert.Equal(["b", "a", "A", "c"], words.All());
        Assert.Equal([1, 2, 4, 6], Enumerable.Range(0, 4).Select(i => words.Line(i)));
    }
}
