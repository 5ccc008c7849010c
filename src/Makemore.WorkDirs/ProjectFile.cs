namespace Makemore;

/// <summary>Finds files of the project.</summary>
internal static class ProjectFile
{
    private const string Solution = "Makemore.slnx";

    /// <summary>The root of the project that a file is in, the first enclosing folder with the solution; null if there is
    /// none.</summary>
    public static string? Root(string? file)
    {
        var folder = Path.GetDirectoryName(file);
        while (!string.IsNullOrEmpty(folder) && !File.Exists(Path.Combine(folder, Solution)))
            folder = Path.GetDirectoryName(folder);
        return string.IsNullOrEmpty(folder) ? null : folder;
    }

    /// <summary>The full path of a file, given relative to the root of the project, from any file of the project; null if it does
    /// not exist there.</summary>
    public static string? Find(string? start, params string[] path) =>
        Root(start) is { } root && Path.Combine([root, .. path]) is var file && File.Exists(file) ? file : null;
}
