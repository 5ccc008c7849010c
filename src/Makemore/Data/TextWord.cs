using System.Collections.Immutable;
using LanguageExt;

namespace Makemore;

/// <summary>A text, or pieces of one, as a single word.</summary>
/// <param name="Source">The file.</param>
/// <param name="Stamp">The file's stamp when it was read.</param>
/// <param name="Text">What is in the file.</param>
/// <param name="Vocabulary">The vocabulary of the pieces.</param>
/// <param name="Pieces">The pieces.</param>
internal sealed record TextWord(string Source, FileStamp Stamp, TextSurvey Text, Vocabulary Vocabulary, ImmutableArray<IEncodedText> Pieces) : IWords
{
    /// <inheritdoc/>
    public long Count => Pieces.Any(piece => piece.Count > 0) ? 1 : 0;

    /// <inheritdoc/>
    public string Hash => Text.Hash;

    /// <inheritdoc/>
    /// <remarks>All of it, in memory.</remarks>
    public string this[long index] => string.Concat(Pieces.Where(piece => piece.Count > 0).Select(piece => Vocabulary.Decode(piece[0])));

    /// <inheritdoc/>
    public long Line(long index) => 1;

    /// <inheritdoc/>
    public Vocabulary ToVocabulary() => Vocabulary.OfSorted(Text.Elements);

    /// <inheritdoc/>
    public Either<Fault, Unit> Unchanged() => InputFile.Read<Unit>(Source, stream =>
        FileStamp.Of(stream.SafeFileHandle) == Stamp ? Unit.Default : Fault.Of("changed while it was in use"));
}
