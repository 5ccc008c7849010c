namespace Makemore.Script;

/// <summary>How paths are shown to a person.</summary>
internal static class Paths
{
    /// <summary>The path from the working directory, if the file lies under it; otherwise the full path.</summary>
    /// <param name="path">A full path.</param>
    public static string Show(string path)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }
}
