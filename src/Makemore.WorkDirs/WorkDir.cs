using LanguageExt;

namespace Makemore;

/// <summary>A folder that a run or a comparison writes to.</summary>
internal static class WorkDir
{
    private const string LockFile = "makemore.lock";
    private const int LinuxLocked = 11, MacLocked = 35, WindowsShared = 32, WindowsLocked = 33;

    /// <summary>Does work that writes files to a folder: locks it, and makes sure that the files are Makemore's to replace. The end
    /// of the process releases the lock, however it ends; on a file system without locks there is none.</summary>
    /// <param name="folder">The folder, which is created if necessary.</param>
    /// <param name="files">The files.</param>
    /// <param name="work">The work.</param>
    public static Either<Fault, T> Locked<T>(string folder, WorkFiles files, Func<Either<Fault, T>> work)
    {
        var locked = Lock(folder);
        if (locked.IsLeft)
            return (Fault)locked;
        using var held = (FileStream)locked;
        return
            from _ in EarlierRuns.PutBack(folder)
            from __ in files.Claim(folder)
            from result in work()
            select result;
    }

    /// <summary>Nothing, or that a run is writing to a folder.</summary>
    public static Either<Fault, Unit> IsIdle(string folder) =>
        File.Exists(Path.Combine(folder, LockFile)) ? Locked<Unit>(folder, WorkFiles.None, () => Unit.Default) : Unit.Default;

    private static Either<Fault, FileStream> Lock(string folder) => FileFaults.Catch<FileStream>(folder, () =>
    {
        if (File.Exists(folder))
            return Fault.Of("cannot be written, because " + folder + " is a file, not a folder");
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, LockFile);
        if (new FileInfo(path) is { Exists: true, Length: > 0 })
            return new Fault.ForeignFile().In(LockFile);
        try
        {
            var held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            if (File.Exists(path))
                return held;
            // The one before deleted it after it was opened.
            held.Dispose();
            return new Fault.WorkDirInUse();
        }
        catch (IOException e) when ((e.HResult & 0xFFFF) is LinuxLocked or MacLocked or WindowsShared or WindowsLocked)
        {
            return new Fault.WorkDirInUse();
        }
    });
}
