using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Makemore.Script;

/// <summary>Finds the files that a script loads, relative to the file that loads them, and records what it read.</summary>
/// <param name="folder">The folder of the script.</param>
internal sealed class ScriptFiles(string folder) : SourceFileResolver(ImmutableArray<string>.Empty, folder)
{
    private readonly List<Source> read = [];

    /// <summary>Every file that was read, in order.</summary>
    public IReadOnlyList<Source> Read => read;

    /// <inheritdoc/>
    public override Stream OpenRead(string resolvedPath)
    {
        var text = File.ReadAllBytes(resolvedPath);
        read.Add(new(resolvedPath, Checksum.Of(text)));
        return new MemoryStream(text);
    }
}
