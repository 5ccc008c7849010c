namespace Makemore.Script;

/// <summary>How paths are printed.</summary>
internal static class Paths
{
    /// <summary>The path relative to the working directory if the file is in it or below it; otherwise the full path.</summary>
    /// <param name="path">A full path.</param>
    public static string Show(string path)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }
}
