using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;

namespace Makemore.Tests;

/// <summary>What is not an ordinary file, and what is larger than anything that is believed.</summary>
public sealed class InputFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Everything that reads a file.</summary>
    private static readonly Dictionary<string, Func<string, string>> Readers = new()
    {
        ["safetensors"] = path => Safetensors.Read(path).Message(),
        ["metadata"] = path => Safetensors.ReadMetadata(path).Message(),
        ["words"] = path => Words.Read(path).Message(),
        ["file of words"] = path => FileWords.Open(path).Message(),
        ["JSON"] = path => JsonFile.Read<RunRecord>(path).Message(),
        ["lines"] = path => JsonFile.ReadLines<Metrics>(path).Message(),
        ["appended lines"] = path => JsonFile.AppendLines(path, 1.0).Message(),
        ["lines of a resumed run"] = path => JsonFile.StartLines(path, isResumed: true).Message(),
    };

    public static TheoryData<string> ReaderNames => [.. Readers.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(ReaderNames))]
    public void Read_NoFile_IsOneFault(string reader)
    {
        var read = Readers[reader];
        Assert.Equal($"{_folder["."]}: is a folder, not a file", read(_folder["."]));
        if (reader != "lines") // Without such a file there are none.
            Assert.Equal("a␀b: a NUL is in the name", read("a\0b"));
        if (OperatingSystem.IsWindows())
            return;
        using (var mkfifo = Process.Start("mkfifo", _folder["pipe"]))
            mkfifo.WaitForExit();
        foreach (var path in new[] { _folder["pipe"], "/dev/zero" })
            Assert.Equal($"{path}: is a pipe or a device, not a file", read(path));
    }

    [Fact]
    public void ReadText_ImplausiblyLong_IsOneFault()
    {
        using (var file = File.Create(_folder["large"]))
            file.SetLength(InputFile.MaxTextSize + 1L);
        Assert.Contains("bytes are implausible for such a file", InputFile.ReadText(_folder["large"]).Message());
        Assert.Contains("line 1 is implausibly long", InputFile.ReadLines(_folder["large"]).Message());
    }

    /// <summary>A header of a million and more tensors is refused before it is parsed.</summary>
    [Fact]
    public void Safetensors_HeaderOfManyTensors_TakesLittleMemory()
    {
        var header = new StringBuilder("{");
        for (var i = 0; i < 600_000; i++)
            header.Append($"\"{i}\":{{\"a\":[]}},");
        var bytes = Encoding.ASCII.GetBytes(header.Append("\"x\":{}}").ToString());
        var path = _folder.Write("many", [.. BitConverter.GetBytes((long)bytes.Length), .. bytes]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("a header of more than 1000000 JSON tokens is implausible", Safetensors.Read(path).Message());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 * bytes.Length);
    }

    /// <summary>Names and shapes are compared before any data is read: this file says that it has 6 GiB.</summary>
    [Fact]
    public void LoadModel_HugeTensor_IsRefusedByItsShape()
    {
        var card = new ModelCard("toy", Vocabulary.Of(Words.Of("abcd")), 4, System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty, "toy.csx", "00");
        Checkpoint.SaveModel(_folder["model"], Toy.Model, Toy.Init(default), card).Value();
        var file = File.ReadAllBytes(_folder["model"]);
        var header = Encoding.UTF8.GetString(file, 8, (int)BinaryPrimitives.ReadInt64LittleEndian(file));
        header = header[..header.IndexOf("\"table\"", StringComparison.Ordinal)]
            + "\"table\":{\"dtype\":\"F32\",\"shape\":[1610612736],\"data_offsets\":[0,6442450944]}}";
        using (var sparse = File.Create(_folder["sparse"]))
        {
            sparse.Write(BitConverter.GetBytes((long)Encoding.UTF8.GetByteCount(header)));
            sparse.Write(Encoding.UTF8.GetBytes(header));
            sparse.SetLength(sparse.Length + (6L << 30));
        }
        var (before, clock) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.StartNew());
        Assert.EndsWith(
            "'table' is (1610612736) in the file, and (5, 5) in this model",
            Checkpoint.LoadModel(_folder["sparse"], Toy.Init(default), card).Message());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10 << 20);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 5);
    }

    [Fact]
    public void Fault_OfLongTexts_QuotesEightyCharacters()
    {
        var text = string.Concat(Enumerable.Repeat("🙂", 5000));
        var message = Fault.Of($"'{text}' is {new object()}").Message;
        Assert.Equal($"'{text[..78]}…' is System.Object", message);
        Assert.Equal(Fault.MaxQuoted, Fault.Quoted(new string('a', 81)).Length);
        Assert.Equal("a␊b <U+2028>␛", Fault.Quoted("a\nb \u2028\u001b"));
        Assert.Equal(new string('a', 80), Fault.Quoted(new string('a', 80)));
    }
}
