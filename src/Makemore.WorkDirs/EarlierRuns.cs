using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>The earlier runs of a work dir. A new run into out/mlp moves the run that is there to out/mlp~1, that of out/mlp~1 to
/// out/mlp~2, and so on.</summary>
/// <remarks>No kill can lose a run or split it: its files are collected in a folder of their own, out/mlp~moving, which is then
/// renamed; those of an interrupted move are put back. Only the files of a run move: others in the folder stay. No lock is held on the
/// earlier runs while they move, because Windows renames no folder with an open file: a run that is started in one of them just then is
/// not noticed, and writes its files to the run that takes the place.</remarks>
internal static class EarlierRuns
{
    /// <summary>Moves the run in a work dir aside, if there is one, and deletes the oldest of its earlier runs, unless one of these is
    /// being resumed.</summary>
    /// <param name="workDir">The work dir, which the caller has locked.</param>
    /// <param name="keep">The number of earlier runs to keep.</param>
    /// <returns>What has become of it; nothing if there was none.</returns>
    public static Either<Fault, Option<EarlierRun>> MoveAside(string workDir, int keep) => HoldsRun(workDir)
        ? From(workDir, 1).Concat(From(workDir, keep + 1)).Select(WorkDir.IsIdle).All()
            .Bind(_ => FileFaults.Catch<Option<EarlierRun>>(At(workDir, 1), () =>
            {
                if (keep == 0)
                    Delete(workDir);
                else
                    Move(workDir);
                return Some(new EarlierRun(keep == 0 ? null : At(workDir, 1), From(workDir, keep + 1).Count(Delete)));
            }))
        : Option<EarlierRun>.None;

    /// <summary>Puts the files of a run back whose move was interrupted.</summary>
    public static Either<Fault, Unit> PutBack(string workDir) => FileFaults.Catch<Unit>(Moving(workDir), () =>
    {
        if (!Directory.Exists(Moving(workDir)))
            return unit;
        foreach (var file in WorkFiles.OfRun.Names.Where(file => File.Exists(Path.Combine(Moving(workDir), file))))
            // Between two disks a file is copied: until it is whole, the original is still there.
            if (File.Exists(Path.Combine(workDir, file)))
                File.Delete(Path.Combine(Moving(workDir), file));
            else
                File.Move(Path.Combine(Moving(workDir), file), Path.Combine(workDir, file));
        Directory.Delete(Moving(workDir));
        return unit;
    });

    /// <summary>As <see cref="PutBack"/>, for a work dir that is only read, unless a run that is in progress has it.</summary>
    public static void PutBackUnlessInUse(string workDir)
    {
        if (Directory.Exists(Moving(workDir)))
            _ = WorkDir.Locked<Unit>(workDir, WorkFiles.None, () => unit);
    }

    /// <summary>Deletes a run that nobody needs any more.</summary>
    public static Either<Fault, Unit> Discard(string workDir) => FileFaults.Catch<Unit>(workDir, () =>
    {
        if (Directory.Exists(workDir))
            Delete(workDir);
        return unit;
    });

    /// <summary>What to do about a work dir without a run: use the last earlier one, if there is one.</summary>
    public static string Remedy(string workDir) =>
        HoldsRun(At(workDir, 1)) ? $"the earlier run is in {At(workDir, 1)}" : "train first";

    private static bool HoldsRun(string folder) =>
        File.Exists(Path.Combine(folder, WorkFiles.ModelFile)) || File.Exists(Path.Combine(folder, WorkFiles.StateFile));

    private static void Move(string workDir)
    {
        AnchorOutside(workDir);
        Directory.CreateDirectory(Moving(workDir));
        foreach (var file in WorkFiles.OfRun.Names.Where(file => File.Exists(Path.Combine(workDir, file))))
            File.Move(Path.Combine(workDir, file), Path.Combine(Moving(workDir), file), overwrite: true);
        var free = 1;
        while (Path.Exists(At(workDir, free)))
            free++;
        for (; free > 1; free--)
            Directory.Move(At(workDir, free - 1), At(workDir, free));
        Directory.Move(Moving(workDir), At(workDir, 1));
    }

    /// <summary>Rewrites a path in run.json that leads into the work dir, such as that of a script next to its results, so that it
    /// leads there from the folder that the run moves to, too.</summary>
    private static void AnchorOutside(string workDir)
    {
        var (file, name) = (Path.Combine(workDir, WorkFiles.RecordFile), Path.GetFileName(Path.GetFullPath(Named(workDir))));
        _ =
            from record in JsonFile.Read<RunRecord>(file)
            let moved = record with { Script = Outside(record.Script), Words = Outside(record.Words) }
            from written in moved == record ? unit : JsonFile.Write(file, moved)
            select written;

        string Outside(string path) =>
            Path.IsPathRooted(path) || path.StartsWith("..", StringComparison.Ordinal) ? path : $"../{name}/{path}";
    }

    /// <summary>The folders of earlier runs from a number on.</summary>
    private static IEnumerable<string> From(string workDir, int number)
    {
        for (; Directory.Exists(At(workDir, number)); number++)
            yield return At(workDir, number);
    }

    /// <summary>Deletes a run, and its folder unless that has other files.</summary>
    /// <returns>Whether there was one.</returns>
    private static bool Delete(string folder)
    {
        string[] files = [.. WorkFiles.OfRun.Names.Select(file => Path.Combine(folder, file)).Where(WorkFiles.IsOurs)];
        foreach (var path in files)
            File.Delete(path);
        if (!Directory.EnumerateFileSystemEntries(folder).Any())
            Directory.Delete(folder);
        return files.Length > 0;
    }

    private static string At(string workDir, int number) => $"{Named(workDir)}~{number}";

    private static string Moving(string workDir) => $"{Named(workDir)}~moving";

    /// <summary>The folder with its name, which "." does not have.</summary>
    private static string Named(string folder) => Path.TrimEndingDirectorySeparator(
        Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)) is "" or "." or ".." ? Path.GetFullPath(folder) : folder);
}

/// <summary>A run that was in a work dir before.</summary>
/// <param name="Folder">Where it is now; null if it was deleted.</param>
/// <param name="Deleted">The number of older runs that were deleted.</param>
internal sealed record EarlierRun(string? Folder, int Deleted);
