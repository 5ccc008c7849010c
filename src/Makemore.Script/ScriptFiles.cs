using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Makemore.Script;

/// <summary>Finds what a script loads, relative to the file that loads it, and remembers what it read.</summary>
/// <param name="folder">The folder of the script.</param>
internal sealed class ScriptFiles(string folder) : SourceFileResolver(ImmutableArray<string>.Empty, folder)
{
    private readonly List<Source> read = [];

    /// <summary>Every file that was read, in order.</summary>
    public IReadOnlyList<Source> Read => read;

    /// <inheritdoc/>
    public override Stream OpenRead(string resolvedPath)
    {
        var source = new Source(resolvedPath, File.ReadAllBytes(resolvedPath));
        read.Add(source);
        return new MemoryStream(source.Text);
    }
}
