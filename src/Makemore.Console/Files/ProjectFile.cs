namespace Makemore;

/// <summary>Files of the project, seen from wherever in its tree something lies.</summary>
internal static class ProjectFile
{
    /// <summary>The full path of a file by its path from the root of the project; none where no folder around the start
    /// has it.</summary>
    public static string? Find(string? start, params string[] path)
    {
        for (var folder = Path.GetDirectoryName(start); !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder))
            if (Path.Combine([folder, .. path]) is var file && File.Exists(file))
                return file;
        return null;
    }
}
