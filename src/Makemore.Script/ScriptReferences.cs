using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Makemore.Script;

/// <summary>
/// Finds the libraries that a script refers to, relative to the file that does so, and what they depend on, in the same
/// folder. Records what it found.
/// </summary>
internal sealed class ScriptReferences : MetadataReferenceResolver
{
    private static readonly string FrameworkFolder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    private readonly SortedDictionary<string, Reference> found = new(StringComparer.Ordinal);

    /// <summary>Every library of the framework: scripts can use them all.</summary>
    public static IEnumerable<MetadataReference> Framework() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == FrameworkFolder)
            .Select(path => MetadataReference.CreateFromFile(path));

    /// <summary>Every library that was found, except the framework's.</summary>
    public IReadOnlyCollection<Reference> Found => found.Values;

    /// <inheritdoc/>
    public override bool ResolveMissingAssemblies => true;

    /// <inheritdoc/>
    public override ImmutableArray<PortableExecutableReference> ResolveReference(
        string reference, string? baseFilePath, MetadataReferenceProperties properties)
    {
        var named = Path.Combine(Path.GetDirectoryName(baseFilePath) ?? "", reference);
        var framework = Path.Combine(FrameworkFolder, reference + ".dll");
        return File.Exists(named) ? [Library(Path.GetFullPath(named), properties)]
            : File.Exists(framework) ? [MetadataReference.CreateFromFile(framework, properties)]
            : [];
    }

    /// <inheritdoc/>
    public override PortableExecutableReference? ResolveMissingAssembly(
        MetadataReference definition, AssemblyIdentity referenceIdentity)
    {
        var folder = Path.GetDirectoryName((definition as PortableExecutableReference)?.FilePath);
        var neighbor = Path.Combine(folder ?? "", referenceIdentity.Name + ".dll");
        return folder is null || IsHost(folder) || !File.Exists(neighbor) ? null : Library(neighbor, definition.Properties);
    }

    /// <inheritdoc/>
    public override bool Equals(object? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => found.GetHashCode();

    private PortableExecutableReference Library(string path, MetadataReferenceProperties properties)
    {
        // If it is not a library, the compiler reports where the script refers to it.
        if (Reference.At(path) is { } library)
            found[path] = library;
        return MetadataReference.CreateFromFile(path, properties);
    }

    private static bool IsHost(string folder) =>
        folder == Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
}
