namespace Makemore.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_MissingFolders_AreCreated()
    {
        AtomicFile.Write(_folder["a/b/new.bin"], stream => stream.Write([1, 2, 3])).Value();
        Assert.Equal([1, 2, 3], File.ReadAllBytes(_folder["a/b/new.bin"]));
    }

    [Fact]
    public void Write_OldFile_IsKeptUntilTheNewOneIsComplete()
    {
        var path = _folder.Write("file", "old");
        AtomicFile.Write(path, stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            Assert.Equal("old", File.ReadAllText(path));
        }).Value();
        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal(["file"], _folder.Names());
    }

    [Fact]
    public void Write_FailsHalfWay_KeepsTheOldFileAndNothingElse()
    {
        var path = _folder.Write("file", "old");
        var message = AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[100_000]);
            throw new IOException("The device is gone : '/somewhere'\nreally");
        }).Message();
        Assert.Equal($"{path}: The device is gone", message);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["file"], _folder.Names());
    }

    [Fact]
    public void Write_Bug_IsThrownAndLeavesNothing()
    {
        Assert.Throws<InvalidCastException>(() =>
            AtomicFile.Write(_folder["file"], _ => throw new InvalidCastException("a bug")));
        Assert.Empty(_folder.Names());
    }

    [LinuxFact("/dev/full is on Linux")]
    public void Write_DiskFull_SaysSo()
    {
        var message = AtomicFile.Write(_folder["file"], _ =>
        {
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write);
            full.Write(new byte[100_000]);
        }).Message();
        Assert.Equal($"{_folder["file"]}: the disk is full", message);
        Assert.Empty(_folder.Names());
    }

    [Fact]
    public void Write_NotPermitted_IsReported()
    {
        var message = AtomicFile.Write(_folder["file"], _ => throw new UnauthorizedAccessException()).Message();
        Assert.Equal($"{_folder["file"]}: permission denied", message);
    }

    [Fact]
    public void Write_PathThatIsNotAFile_IsRefused()
    {
        Directory.CreateDirectory(_folder["folder"]);
        _folder.Write("file", "old");
        Assert.EndsWith("folder: is a folder, not a file", AtomicFile.Write(_folder["folder"], Nothing).Message());
        Assert.EndsWith("file is a file, not a folder", AtomicFile.Write(_folder["file/new"], Nothing).Message());
        Assert.EndsWith("the file name is empty", AtomicFile.Write("", Nothing).Message());
        Assert.Equal(["file", "folder"], _folder.Names());
    }

    /// <summary>Temporary files of killed processes are removed; those of running processes, recent ones and files of other names
    /// are kept.</summary>
    [Fact]
    public void Write_NextToFilesOfKilledProcesses_RemovesThem()
    {
        var (dead, alive) = (int.MaxValue, Environment.ProcessId);
        string[] kept = [$"file.{alive}.aa.tmp", "file.tmp", "file.x.aa.tmp", $"other.{dead}.aa.tmp"];
        foreach (var name in kept.Append($"file.{dead}.aa.tmp"))
            File.SetLastWriteTimeUtc(_folder.Write(name, "half"), DateTime.UtcNow.AddMinutes(-2));
        _folder.Write($"file.{dead}.young.tmp", "half");
        AtomicFile.Write(_folder["file"], Nothing).Value();
        Assert.Equal(
            [.. kept.Append("file").Append($"file.{dead}.young.tmp").Order(StringComparer.Ordinal)], _folder.Names());
    }

    [LinuxFact("file modes and links are on Unix")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void Write_OldFile_KeepsItsModeAndALinkIsNotFollowed()
    {
        const UnixFileMode Shared = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        var path = _folder.Write("file", "old");
        File.SetUnixFileMode(path, Shared);
        AtomicFile.Write(path, Nothing).Value();
        Assert.Equal(Shared, File.GetUnixFileMode(path));
        var other = _folder.Write("other", "theirs");
        File.CreateSymbolicLink(_folder["link"], other);
        Assert.EndsWith("link: is a link, and is not followed; remove it", AtomicFile.AppendLine(_folder["link"], "line").Message());
        AtomicFile.Write(_folder["link"], Nothing).Value();
        Assert.Equal("theirs", File.ReadAllText(other));
        Assert.Null(new FileInfo(_folder["link"]).LinkTarget);
    }

    private static void Nothing(Stream stream)
    {
    }

    [Fact]
    public void AppendLine_AfterAPartialLine_StartsANewOne()
    {
        var path = _folder.Write("lines", "whole\nhal");
        AtomicFile.AppendLine(path, "next").Value();
        AtomicFile.AppendLine(path, "last").Value();
        Assert.Equal("whole\nhal\nnext\nlast\n", File.ReadAllText(path));
    }
}
