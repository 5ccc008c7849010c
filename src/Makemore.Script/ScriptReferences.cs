using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Makemore.Script;

/// <summary>
/// Finds the libraries that a script names, relative to the file that names them, and those that a library needs in
/// turn, beside it. Remembers what it found.
/// </summary>
internal sealed class ScriptReferences : MetadataReferenceResolver
{
    private static readonly string FrameworkFolder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    private readonly SortedDictionary<string, Reference> found = new(StringComparer.Ordinal);

    /// <summary>Every library of the framework: scripts see them all.</summary>
    public static IEnumerable<MetadataReference> Framework() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == FrameworkFolder)
            .Select(path => MetadataReference.CreateFromFile(path));

    /// <summary>Every library that was found, less the framework's.</summary>
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
        var beside = Path.Combine(folder ?? "", referenceIdentity.Name + ".dll");
        return folder is null || IsHost(folder) || !File.Exists(beside) ? null : Library(beside, definition.Properties);
    }

    /// <inheritdoc/>
    public override bool Equals(object? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => found.GetHashCode();

    private PortableExecutableReference Library(string path, MetadataReferenceProperties properties)
    {
        try
        {
            found[path] = Reference.At(path);
        }
        catch (Exception fault) when (fault is IOException or BadImageFormatException)
        {
            // It is no library: the compiler says so, and where.
        }
        return MetadataReference.CreateFromFile(path, properties);
    }

    private static bool IsHost(string folder) =>
        folder == Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
}
