using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using LanguageExt;
using Microsoft.Win32.SafeHandles;

namespace Makemore;

/// <summary>An encoded text on disk: a file next to the text, built in one pass and read by random access, so that neither has to fit
/// into memory.</summary>
/// <remarks>Format: the tokens of the pieces one after the other, in 1, 2 or 4 bytes each, little-endian; a <see cref="TokenSurvey"/> as
/// JSON; the length of the JSON in 4 bytes. Anybody may have written it, so tokens are checked as they are read.</remarks>
internal static class TokenFile
{
    private const int MaxSurvey = 1 << 26;

    /// <summary>The path of the file for a text.</summary>
    public static string PathFor(string text, TokenKind kind) => $"{text}.{$"{kind}".Replace(':', '-')}.tokens";

    /// <summary>The survey in a file; null if there is none of this text.</summary>
    public static TokenSurvey? Find(string path, FileStamp stamp)
    {
        if (InputFile.Unreadable(path) is not null)
            return null;
        using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        return Read(file) is { } survey && survey.Stamp == stamp ? survey : null;
    }

    /// <summary>The pieces of a text: from its file, or from one that is built.</summary>
    /// <param name="path">The file.</param>
    /// <param name="saved">The survey in it, if it is of this text.</param>
    /// <param name="survey">What must be in it.</param>
    /// <param name="text">The text.</param>
    /// <param name="vocabulary">The vocabulary.</param>
    /// <param name="progress">Receives the number of bytes of the text that were read, from time to time.</param>
    public static Either<Fault, IEncodedText[]> OpenOrBuild(
        string path, TokenSurvey? saved, TokenSurvey survey, string text, Vocabulary vocabulary, Action<long>? progress) =>
        from current in saved is not null && saved.IsOf(survey) ? saved : Build(path, survey, text, vocabulary, progress)
        from pieces in Open(path, current, vocabulary.Size)
        select pieces;

    private static Either<Fault, TokenSurvey> Build(
        string path, TokenSurvey survey, string text, Vocabulary vocabulary, Action<long>? progress)
    {
        var (width, counts, bytes) = (Width(vocabulary), new long[3], Array.Empty<byte>());
        Either<Fault, TokenSurvey> built = Fault.Of("");
        return AtomicFile.WriteIf(path, stream =>
        {
            var buffered = new BufferedStream(stream, 1 << 16);
            built = survey.Pieces.Encode(text, vocabulary, (piece, tokens) => Write(buffered, piece, tokens), progress)
                .Map(_ => survey with { Width = width, Counts = counts });
            var json = built.Match(done => JsonSerializer.SerializeToUtf8Bytes(done, TokenSurveyJson.Default.TokenSurvey), _ => []);
            buffered.Write(json);
            buffered.Write(BitConverter.GetBytes(json.Length));
            buffered.Flush();
            return built.IsRight;
        }).MapLeft(fault => Fault.Of($"{fault}; the tokens of a large text are written next to it: link to the file from a writable folder"))
            .Bind(_ => built);

        void Write(Stream stream, int piece, ReadOnlySpan<int> tokens)
        {
            counts[piece] += tokens.Length;
            if (bytes.Length < tokens.Length * width)
                bytes = new byte[tokens.Length * width];
            Pack(tokens, bytes, width);
            stream.Write(bytes, 0, tokens.Length * width);
        }
    }

    /// <summary>The pieces in a file.</summary>
    public static Either<Fault, IEncodedText[]> Open(string path, TokenSurvey survey, int size) => FileFaults.Catch<IEncodedText[]>(path, () =>
    {
        var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete, options: FileOptions.RandomAccess);
        var starts = new[] { 0, survey.Counts[0], survey.Counts[0] + survey.Counts[1] };
        return starts.Select((start, piece) => (IEncodedText)new FileText(file, path, start, survey.Counts[piece], survey.Width, size)).ToArray();
    });

    /// <summary>The number of bytes that every token of a vocabulary fits into.</summary>
    private static int Width(Vocabulary vocabulary) => vocabulary.Size <= 1 << 8 ? 1 : vocabulary.Size <= 1 << 16 ? 2 : 4;

    /// <summary>A hash of the tokens' meaning.</summary>
    public static string Identity(Vocabulary vocabulary) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', vocabulary.Elements) + "\n\n" + string.Join('\n', vocabulary.Pairs?.Merges ?? []))));

    private static void Pack(ReadOnlySpan<int> tokens, Span<byte> bytes, int width)
    {
        bytes = bytes[..(tokens.Length * width)];
        switch (width)
        {
            case 1:
                for (var i = 0; i < bytes.Length; i++)
                    bytes[i] = (byte)tokens[i];
                break;
            case 2:
                for (var i = 0; i < tokens.Length; i++)
                    BinaryPrimitives.WriteUInt16LittleEndian(bytes[(2 * i)..], (ushort)tokens[i]);
                break;
            default:
                for (var i = 0; i < tokens.Length; i++)
                    BinaryPrimitives.WriteInt32LittleEndian(bytes[(4 * i)..], tokens[i]);
                break;
        }
    }

    private static TokenSurvey? Read(SafeFileHandle file)
    {
        var size = RandomAccess.GetLength(file);
        var trailer = new byte[sizeof(int)];
        if (size < sizeof(int) || RandomAccess.Read(file, trailer, size - sizeof(int)) < sizeof(int)
            || BinaryPrimitives.ReadInt32LittleEndian(trailer) is var length && (length < 0 || length > Math.Min(MaxSurvey, size - sizeof(int))))
            return null;
        var json = new byte[length];
        RandomAccess.Read(file, json, size - sizeof(int) - length);
        try
        {
            var survey = JsonSerializer.Deserialize(json, TokenSurveyJson.Default.TokenSurvey);
            return survey?.Fits(size - sizeof(int) - length) == true ? survey : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What a file of tokens is of.</summary>
/// <param name="Stamp">The text file.</param>
/// <param name="Text">The text in it.</param>
/// <param name="Vocabulary">The identity of the vocabulary.</param>
/// <param name="Pieces">How the text is cut.</param>
internal sealed record TokenSurvey(FileStamp Stamp, TextSurvey Text, string Vocabulary, TextPieces Pieces)
{
    /// <summary>The number of bytes of a token.</summary>
    public int Width { get; init; }

    /// <summary>The number of tokens of each piece.</summary>
    public long[] Counts { get; init; } = [];

    /// <summary>Whether it is of the same tokens as another.</summary>
    public bool IsOf(TokenSurvey other) => (Vocabulary, Pieces) == (other.Vocabulary, other.Pieces);

    /// <summary>Whether it is of tokens of this size in bytes.</summary>
    public bool Fits(long size) =>
        Text is { Hash: not null, Elements.IsDefault: false } && Pieces is { Shares: not null } && Width is 1 or 2 or 4
        && Counts is { Length: 3 } && Counts.All(count => count >= 0 && count <= size) && Counts.Sum() * Width == size
        && Makemore.Vocabulary.FromElements(Text.Elements).IsRight;
}

/// <summary>The JSON of a survey.</summary>
[JsonSerializable(typeof(TokenSurvey))]
internal sealed partial class TokenSurveyJson : JsonSerializerContext;

/// <summary>A piece of a text in a <see cref="TokenFile"/>.</summary>
/// <param name="File">The file.</param>
/// <param name="Path">Its path, for messages.</param>
/// <param name="Start">The index of the first token.</param>
/// <param name="Length">The number of tokens.</param>
/// <param name="Width">The number of bytes of a token.</param>
/// <param name="Size">V, the number of tokens that there are.</param>
internal sealed record FileText(SafeFileHandle File, string Path, long Start, long Length, int Width, int Size) : IEncodedText
{
    /// <inheritdoc/>
    public long Count => Length > 0 ? 1 : 0;

    /// <inheritdoc/>
    public bool AreInMemory => false;

    /// <inheritdoc/>
    /// <remarks>All of it, in memory.</remarks>
    public ReadOnlySpan<int> this[long index]
    {
        get
        {
            var tokens = new int[checked((int)Length)];
            ReadAt(0, tokens);
            return tokens;
        }
    }

    /// <inheritdoc/>
    public void ReadAt(long offset, Span<int> tokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - tokens.Length);
        const int Chunk = 1 << 14;
        Span<byte> bytes = stackalloc byte[Math.Min(tokens.Length, Chunk) * Width];
        for (var from = 0; from < tokens.Length; from += Chunk)
        {
            var part = tokens[from..Math.Min(tokens.Length, from + Chunk)];
            if (RandomAccess.Read(File, bytes[..(part.Length * Width)], (Start + offset + from) * Width) < part.Length * Width)
                throw new IOException($"{Path}: was cut short while it was in use");
            for (var i = 0; i < part.Length; i++)
            {
                part[i] = Width == 1 ? bytes[i]
                    : Width == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..])
                    : BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * i)..]);
                if ((uint)part[i] >= (uint)Size)
                    throw new IOException($"{Path}: damaged; delete it, and it is built again");
            }
        }
    }

    /// <inheritdoc/>
    public int[] Beginning(long index, int max)
    {
        var tokens = new int[Math.Min(max, Length)];
        ReadAt(0, tokens);
        return tokens;
    }

    /// <inheritdoc/>
    public IEncodedWords Take(int count) => this;

    /// <inheritdoc/>
    public IEnumerable<(int From, int To)> Pairs()
    {
        const int Chunk = 1 << 12;
        var tokens = new int[Chunk + 1];
        for (var from = 0L; from < Length - 1; from += Chunk)
        {
            var count = (int)Math.Min(Chunk + 1, Length - from);
            ReadAt(from, tokens.AsSpan(0, count));
            for (var i = 1; i < count; i++)
                yield return (tokens[i - 1], tokens[i]);
        }
    }
}
