using System.Text;

namespace Makemore.Tests;

/// <summary>Words in a file are the same as words in memory.</summary>
public sealed class FileWordsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Texts =>
    [
        "emma\nolivia\n",
        "emma\nolivia",
        "\uFEFFemma\r\n\r\n  olivia\t\r\n",
        "\uFEFF\nemma\n\uFEFF\n",
        "\n\u00a0\nzoë\n🙂👍🏽\nzoe\u0308\n\u2003x\u2003\n",
        "anna maria\na\u0301b\nab\u0001c\n\u1112\u1161\u11ab\na\uFEFFb\uFEFF \n",
        string.Concat(Enumerable.Range(0, 1000).Select(i => $"{(i % 7 == 0 ? "\r\n \n" : "")}{i * i}\n")),
        $"a\n{new string('b', 5000)}\nc\n{new string('é', 3000)}\n",
        // More blank lines between two words of a segment than fit into a buffer.
        $"a\nb\n{new string('\n', 1_500_000)}c\nd\n",
        $"a\n{new string('x', Words.MaxLineLength - 1)}\nb\n{new string('y', Words.MaxLineLength - 1)}\nc",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Open_Text_EqualsRead(string text)
    {
        var path = _folder.Write("words.txt", text);
        IWords expected = Words.Read(path).Value(), words = FileWords.Open(path).Value();
        var all = expected.All().ToArray();
        Assert.Equal(all, words.All());
        Assert.Equal(all, Indices(words).Select(index => words[index]));
        Assert.Equal(Few(words).Select(expected.Line), Few(words).Select(words.Line));
        Assert.Equal(expected.Longest(), words.Longest());
        Assert.Equal(expected.Line(expected.Longest().Index), words.Line(words.Longest().Index));
        Assert.Equal((expected.TotalLength(), expected.Changes), (words.TotalLength(), words.Changes));
        Assert.Equal(expected.ToVocabulary(), words.ToVocabulary());
        var searched = all.Where((_, index) => index % 3 == 1).Append("none").ToHashSet();
        Assert.Equal(expected.Find(searched), words.Find(searched));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n  \n\t\n")]
    [InlineData("emma\nzo\u00FF\n")]
    [InlineData("emma\n\nb\u00FF")]
    public void Open_BadFile_HasTheFaultOfReadAndLeavesNothing(string latin1)
    {
        var path = _folder.Write("words.txt", Encoding.Latin1.GetBytes(latin1));
        Assert.Equal(Words.Read(path).Message(), FileWords.Open(path).Message());
        Assert.Equal(["words.txt"], _folder.Names());
    }

    [Fact]
    public void Open_LineTooLong_HasTheFaultOfRead()
    {
        var path = _folder.Write("words.txt", $"emma\n{new string('a', Words.MaxLineLength)}\n");
        Assert.Equal(Words.Read(path).Message(), FileWords.Open(path).Message());
        Assert.Equal(Words.Read("none.txt").Message(), FileWords.Open("none.txt").Message());
        Assert.Equal(Words.Read(_folder["."]).Message(), FileWords.Open(_folder["."]).Message());
    }

    [Fact]
    public void Index_OutOfRange_Throws()
    {
        var words = FileWords.Open(_folder.Write("words.txt", "a\nb\n")).Value();
        Assert.Throws<ArgumentOutOfRangeException>(() => words[2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => words[-1]);
    }

    [Fact]
    public void Open_Again_ReadsNoWords()
    {
        var path = _folder.Write("words.txt", "emma\nolivia\n");
        Assert.NotEqual(0, BytesReadToOpen(path));
        Assert.Equal(0, BytesReadToOpen(path));
    }

    [Fact]
    public void Open_StaleIndex_BuildsAnother()
    {
        var path = _folder.Write("words.txt", "emma\nolivia\n");
        FileWords.Open(path).Value();
        var time = File.GetLastWriteTimeUtc(path);
        _folder.Write("words.txt", "emma\nsophia\n");
        File.SetLastWriteTimeUtc(path, time); // only the contents differ
        Assert.Equal("sophia", FileWords.Open(path).Value()[1]);
        File.SetLastWriteTimeUtc(path, time.AddSeconds(1)); // only the time differs
        Assert.NotEqual(0, BytesReadToOpen(path));
        File.AppendAllText(path, "ava\n");
        Assert.Equal(3, FileWords.Open(path).Value().Count);
    }

    [Fact]
    public void Open_DamagedIndex_BuildsAnother()
    {
        var path = _folder.Write("words.txt", "emma\nolivia\n");
        FileWords.Open(path).Value();
        var index = File.ReadAllBytes(_folder["words.txt.index"]);
        byte[][] damaged =
        [
            [], [1, 2, 3], index[..^1], index[1..], new byte[index.Length],
            .. Enumerable.Range(0, index.Length / 16).Select(i => Flipped(16 * i)), Flipped(index.Length - 40),
        ];
        foreach (var bytes in damaged)
        {
            _folder.Write("words.txt.index", bytes);
            Assert.Equal(["emma", "olivia"], FileWords.Open(path).Value().All());
            Assert.Equal(index, File.ReadAllBytes(_folder["words.txt.index"]));
        }

        byte[] Flipped(int i) => [.. index[..i], (byte)(index[i] ^ 1), .. index[(i + 1)..]];
    }

    [Fact]
    public void Open_Interrupted_LeavesTheOldIndexAndNothingElse()
    {
        var path = _folder.Write("words.txt", "emma\nolivia\n");
        FileWords.Open(path).Value();
        var index = File.ReadAllBytes(_folder["words.txt.index"]);
        File.AppendAllText(path, "ava\n");
        Assert.Throws<OperationCanceledException>(() => FileWords.Open(path, _ => throw new OperationCanceledException()));
        Assert.Equal(["words.txt", "words.txt.index"], _folder.Names());
        Assert.Equal(index, File.ReadAllBytes(_folder["words.txt.index"]));
        Assert.Equal(3, FileWords.Open(path).Value().Count);
    }

    [Fact]
    public void Open_FileThatChangesMeanwhile_IsReported()
    {
        var path = _folder.Write("words.txt", "emma\nolivia\n");
        var message = FileWords.Open(path, _ => File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch)).Message();
        Assert.Equal($"{path}: changed while its index was built; try again when it is complete", message);
        Assert.Equal(2, FileWords.Open(path).Value().Count);
    }

    [Fact]
    public void Open_ManyAtOnce_AllGetTheWords()
    {
        var path = _folder.Write("words.txt", string.Concat(Enumerable.Range(0, 5000).Select(i => $"{i}\n")));
        Parallel.For(0, 8, new() { MaxDegreeOfParallelism = 8 }, _ => Assert.Equal("4321", FileWords.Open(path).Value()[4321]));
        Assert.Equal(["words.txt", "words.txt.index"], _folder.Names());
    }

    [Fact]
    public void Open_WhereNoIndexCanBeWritten_SaysWhatToDo()
    {
        var path = _folder.Write("words.txt", "emma\nolivia\n");
        Directory.CreateDirectory(_folder["words.txt.index"]);
        Assert.Equal(
            $"{path}.index: is a folder, not a file; the index of a large words file is written next to it: link to the "
                + "file from a writable folder",
            FileWords.Open(path).Message());
    }

    [Fact]
    public void Word_OfAFileCutShort_IsAnIOException()
    {
        var path = _folder.Write("words.txt", "emma\nolivia\n");
        var words = FileWords.Open(path).Value();
        File.WriteAllText(path, "");
        Assert.Contains("changed while it was in use", Assert.Throws<IOException>(() => words[1]).Message);
    }

    [Fact]
    public void Unchanged_FileThatHasChanged_IsAFault()
    {
        var path = _folder.Write("words.txt", "emma\nolivia\n");
        IWords words = FileWords.Open(path).Value();
        Assert.True(words.Unchanged().IsRight);
        File.AppendAllText(path, "ava\n");
        Assert.Equal($"{path}: changed while it was in use", words.Unchanged().Message());
        File.Delete(path);
        Assert.Equal($"{path}: no such file", words.Unchanged().Message());
    }

    private static long BytesReadToOpen(string path)
    {
        var bytes = 0L;
        FileWords.Open(path, read => bytes = read).Value();
        return bytes;
    }

    private static IEnumerable<long> Indices(IWords words) => Enumerable.Range(0, (int)words.Count).Select(index => (long)index);

    private static IEnumerable<long> Few(IWords words) => Indices(words).Where(index => index < 10 || index > words.Count - 3);
}
