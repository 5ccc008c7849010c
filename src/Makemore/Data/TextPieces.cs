using System.Text;
using LanguageExt;

namespace Makemore;

/// <summary>A text in three contiguous pieces, each but the last ending with a line where there are line ends: for training, for
/// validation (it may be empty) and for the test.</summary>
/// <param name="Shares">The shares of the pieces.</param>
/// <param name="Length">The length of the text in UTF-16 units.</param>
internal sealed record TextPieces(SplitShares Shares, long Length)
{
    /// <summary>The names of the pieces.</summary>
    public static readonly string[] Names = ["training", "validation", "test"];

    // A line that continues for longer is cut.
    private const int MaxLine = 1 << 14;

    // Elements are shorter than this, in UTF-16 units.
    private const int MaxElement = 256;

    /// <summary>The default shares.</summary>
    public static SplitShares DefaultShares { get; } = new(90, 5, 5);

    /// <summary>Encodes a text, piece by piece.</summary>
    /// <param name="path">The text.</param>
    /// <param name="vocabulary">The vocabulary.</param>
    /// <param name="write">Receives the index of a piece, and the next tokens of it.</param>
    /// <param name="progress">Receives the number of bytes read so far, from time to time.</param>
    public Either<Fault, Unit> Encode(
        string path, Vocabulary vocabulary, Action<int, ReadOnlySpan<int>> write, Action<long>? progress = null) => InputFile.Read<Unit>(path, stream =>
    {
        var lines = new TextLines(new ObservedStream(stream, _ => progress?.Invoke(stream.Position)), stream.Length);
        var encoder = new Encoder(this, vocabulary, write);
        while (lines.Read(out var plain, out var line))
            if (!(line.Length > 1 ? encoder.Add(line) : encoder.AddPlain(plain)))
                return vocabulary.Unknown(line.Length > 1 ? line : Text(plain));
        encoder.Flush();
        return lines.Fault is { } fault ? fault : Unit.Default;
    });

    private static string Text(ReadOnlySpan<byte> plain) => Encoding.ASCII.GetString(plain) + "\n";

    /// <summary>The lines of the training piece, as far as a number of characters.</summary>
    public IEnumerable<string> Train(string path, long max)
    {
        using var stream = InputFile.Open(path);
        var (lines, at) = (new TextLines(stream, stream.Length), 0L);
        while (at < Math.Min(max, End(0)) && lines.Read(out var plain, out var line))
        {
            var text = line.Length > 1 ? line : Text(plain);
            yield return at + text.Length > End(0) ? text[..Cut(text, (int)(End(0) - at))] : text;
            at += text.Length;
        }
    }

    /// <summary>Where a piece is to end, unless a line continues.</summary>
    private long End(int piece) => (long)(Length * (piece == 0 ? Shares.Train : Shares.Train + Shares.Validation) / 100);

    /// <summary>The end of a line from an index on; if that is far away, the next place between two text elements.</summary>
    private static int Cut(string line, int at)
    {
        if (line.Length - at <= MaxLine)
            return line.Length;
        // An element begins at every character before the first combining mark.
        var near = Math.Max(0, at - MaxElement);
        var begin = near + Math.Max(0, line.AsSpan(near, at - near).LastIndexOfAnyInRange('\0', (char)(TextElements.FirstCombining - 1)));
        while (begin < at)
            begin += TextElements.First(line.AsSpan(begin));
        return begin;
    }

    /// <summary>Encodes lines, and passes on many tokens at a time.</summary>
    private sealed class Encoder(TextPieces pieces, Vocabulary vocabulary, Action<int, ReadOnlySpan<int>> write)
    {
        private int[] _tokens = new int[1 << 16];
        private int _count, _piece;
        private long _at;

        /// <summary>Adds a line of ASCII characters, without its line feed.</summary>
        /// <returns>Whether all of it has tokens.</returns>
        public bool AddPlain(ReadOnlySpan<byte> line)
        {
            if (IsEnd(line.Length + 1))
                return Add(Text(line));
            Reserve(line.Length + 1);
            var isKnown = vocabulary.TryEncodeLine(line, _tokens.AsSpan(_count), out var count);
            (_count, _at) = (_count + count, _at + line.Length + 1);
            return isKnown;
        }

        /// <summary>Adds a line, with the ends of pieces that are in it.</summary>
        /// <returns>Whether all of it has tokens.</returns>
        public bool Add(string line)
        {
            while (IsEnd(line.Length))
            {
                var cut = Cut(line, (int)Math.Max(0, pieces.End(_piece) - _at));
                if (!Encode(line[..cut]))
                    return false;
                Flush();
                _piece += pieces.Shares.Validation == 0 ? 2 : 1;
                line = line[cut..];
            }
            return Encode(line);
        }

        /// <summary>Passes on the rest.</summary>
        public void Flush()
        {
            write(_piece, _tokens.AsSpan(0, _count));
            _count = 0;
        }

        /// <summary>Whether the piece ends in the next characters.</summary>
        private bool IsEnd(int length) => _piece < 2 && pieces.End(_piece) < _at + length;

        private bool Encode(string text)
        {
            Reserve(vocabulary.MaxTokens(text.Length));
            var isKnown = vocabulary.TryEncode(text, _tokens.AsSpan(_count), out var count);
            (_count, _at) = (_count + count, _at + text.Length);
            return isKnown;
        }

        private void Reserve(int count)
        {
            if (count <= _tokens.Length - _count)
                return;
            Flush();
            if (count > _tokens.Length)
                _tokens = new int[count];
        }
    }
}
