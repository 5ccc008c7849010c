namespace Makemore;

/// <summary>Paths in run.json: relative to the work dir, with <c>/</c> on every system, so that a folder can be moved to another
/// machine.</summary>
internal static class RecordedPath
{
    /// <summary>A path as it is recorded.</summary>
    public static string Of(string workDir, string path) =>
        Path.GetRelativePath(workDir, path).Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>A recorded path from the current folder, or from the root if it is not below that.</summary>
    public static string In(string workDir, string recorded) => FromHere(Path.Combine(workDir, WithoutNul(recorded)));

    /// <summary>Where a recorded file may be: at the same place seen from the work dir, or, if that was moved, at the same place in
    /// the project.</summary>
    /// <param name="workDir">The work dir.</param>
    /// <param name="recorded">The recorded path.</param>
    /// <param name="near">A file of the project.</param>
    /// <returns>The files that exist, as <see cref="In"/> names them.</returns>
    public static IEnumerable<string> Find(string workDir, string recorded, string near)
    {
        var inProject = ProjectFile.Find(near, [.. WithoutNul(recorded).Split('/').SkipWhile(part => part == "..")]);
        return new[] { In(workDir, recorded), inProject }.Where(File.Exists).Select(place => FromHere(place!)).Distinct();
    }

    // No path has one, and the framework throws.
    private static string WithoutNul(string recorded) => recorded.Contains('\0') ? Visible.Line(recorded) : recorded;

    private static string FromHere(string path) =>
        Path.GetRelativePath(Environment.CurrentDirectory, path) is var relative && relative.StartsWith("..", StringComparison.Ordinal)
            ? Path.GetFullPath(path)
            : relative;
}
