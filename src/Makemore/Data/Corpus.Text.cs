using System.Buffers;
using LanguageExt;

namespace Makemore;

/// <summary>A text as a corpus. It is read line by line, so only its tokens are in memory, or, of a large one, in a
/// <see cref="TokenFile"/>.</summary>
public sealed partial record Corpus
{
    // Byte pairs are learned from at most this many characters of the training piece.
    private const long MaxLearned = 1 << 26;

    private static Either<Fault, Corpus> ReadText(CorpusOptions options)
    {
        var path = options.Path;
        return
            from stamp in InputFile.Read<FileStamp>(path, stream => FileStamp.Of(stream.SafeFileHandle))
            let file = stamp.Size > options.InMemory ? TokenFile.PathFor(path, Kind(options)) : null
            let saved = file is null ? null : TokenFile.Find(file, stamp)
            from text in saved is null ? TextSurvey.Of(path, Observer(options, file)) : saved.Text
            let pieces = new TextPieces(options.Shares ?? TextPieces.DefaultShares, text.Length)
            from vocabulary in VocabularyOf(options, () => Vocabulary.OfSorted(text.Elements), () => pieces.Train(path, MaxLearned))
                .In(path)
            from encoded in file is null
                ? InMemory(options, vocabulary, pieces)
                : TokenFile.OpenOrBuild(
                    file, saved, new(stamp, text, TokenFile.Identity(vocabulary), pieces), path, vocabulary, Observer(options, file))
            let blockSize = options.BlockSize ?? CorpusOptions.TextBlockSize
            from _ in encoded.Select((piece, i) => Fits(piece, i, pieces, blockSize)).All().In(path)
            select Of(new(path, stamp, text, vocabulary, [.. encoded]), encoded, blockSize);
    }

    private static TokenKind Kind(CorpusOptions options) =>
        options.Vocabulary is { } given ? TokenKind.Of(given) : options.Tokens ?? TokenKind.Characters;

    private static Corpus Of(TextWord text, IEncodedText[] pieces, int blockSize)
    {
        var (train, validation, test) = (pieces[0], pieces[1], pieces[2]);
        return new(
            text, text.Hash, new(text with { Pieces = [train] }, text with { Pieces = [validation] }, text with { Pieces = [test] }),
            text.Vocabulary, blockSize, Windows: true, train, validation, test)
        {
            TextBytes = text.Text.Bytes,
        };
    }

    private static Either<Fault, IEncodedText[]> InMemory(CorpusOptions options, Vocabulary vocabulary, TextPieces pieces)
    {
        var tokens = new[] { new ArrayBufferWriter<int>(), new ArrayBufferWriter<int>(), new ArrayBufferWriter<int>() };
        return pieces.Encode(options.Path, vocabulary, (piece, some) => tokens[piece].Write(some))
            .Map(_ => Array.ConvertAll<ArrayBufferWriter<int>, IEncodedText>(tokens, piece => new EncodedText(piece.WrittenSpan.ToArray())));
    }

    /// <summary>Nothing, or that a piece is too short.</summary>
    private static Either<Fault, Unit> Fits(IEncodedText piece, int index, TextPieces pieces, int blockSize) =>
        index == 1 && pieces.Shares.Validation == 0 || piece.Length > blockSize ? Unit.Default
        : piece.Length == 0
            ? Fault.Of($"the {TextPieces.Names[index]} piece of the text is empty: {pieces.Length} characters are too few to split")
        : new Fault.PieceTooShort(TextPieces.Names[index], piece.Length, blockSize);

    /// <summary>Shows the progress of a pass over a large file, and stops it when it is canceled.</summary>
    private static Action<long>? Observer(CorpusOptions options, string? file) => file is null ? null : at =>
    {
        options.Cancellation.ThrowIfCancellationRequested();
        options.Progress?.Invoke(at);
    };
}
