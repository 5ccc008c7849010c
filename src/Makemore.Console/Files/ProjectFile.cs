namespace Makemore;

/// <summary>Finds files of the project.</summary>
internal static class ProjectFile
{
    /// <summary>The full path of a file, given relative to the root of the project, from any file of the project; null if no
    /// enclosing folder has it.</summary>
    public static string? Find(string? start, params string[] path)
    {
        for (var folder = Path.GetDirectoryName(start); !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder))
            if (Path.Combine([folder, .. path]) is var file && File.Exists(file))
                return file;
        return null;
    }
}
