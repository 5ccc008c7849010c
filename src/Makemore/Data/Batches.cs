using System.Buffers;

namespace Makemore;

/// <summary>How words become batches.</summary>
/// <param name="Words">The words as tokens.</param>
/// <param name="BlockSize">The greatest T: no word is longer than this less 1, except with windows.</param>
/// <param name="BatchSize">The number of words, or windows, in a batch, B.</param>
/// <param name="Trim">Whether T is only the batch's longest sequence; the loss and the gradients are the same.</param>
/// <param name="Engine">The engine that the batches are for; the managed one where no other is given.</param>
/// <param name="Windows">Whether the words are documents of any length, of which a sequence is a window: at most
/// <paramref name="BlockSize"/> tokens in a row, each to be predicted from those before it in the window. A document's
/// tokens are its characters and the stop; before the first stands the start.</param>
public sealed record Batches(
    IEncodedWords Words, int BlockSize, int BatchSize, bool Trim = true, IEngine? Engine = null, bool Windows = false)
{
    // To call another thread costs something, so it fetches a few batches each time.
    private const int BatchesAhead = 16;

    /// <summary>Writes a sequence, the token before it in front; how many tokens that are.</summary>
    private delegate int Reader(int row, Span<int> sequence);

    /// <summary>Batch number <paramref name="index"/> of a run: words drawn with replacement, the same for the same key
    /// and index whatever was drawn before. With windows, each document is as likely as each other, and so is each of its
    /// full windows; a document that is no longer than a window is taken whole.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no words.</exception>
    /// <exception cref="ArgumentException">A word is longer than the block size less 1.</exception>
    public Batch At(Key key, long index) => Lay(Draw(key, index));

    /// <summary>As <see cref="At"/>, for one thread that asks for one batch after the other, and has done with each when it asks
    /// for the next: its memory is used again. Where the words are in a file, those of the next batches are fetched by another
    /// thread meanwhile.</summary>
    public Func<long, Batch> Ahead(Key key)
    {
        Func<long, Sequences> draw = index => Draw(key, index);
        if (!Words.AreInMemory)
            draw = new ReadAhead<Sequences>(draw, BatchesAhead).At;
        Batch? last = null;
        return index =>
        {
            last?.Recycle();
            last = null;
            return last = Lay(draw(index));
        };
    }

    /// <summary>The batches of a run without end, from number <paramref name="start"/> on.</summary>
    public IEnumerable<Batch> Drawn(Key key, long start = 0)
    {
        for (var index = start; ; index++)
            yield return At(key, index);
    }

    /// <summary>Every word once, in order; the last batch may be smaller. With windows, the documents cut into windows
    /// from their beginnings, so that every token is predicted once; a document's last window may be shorter.</summary>
    public IEnumerable<Batch> InOrder() => Windows
        ? CutDocuments().Chunk(BatchSize).Select(windows => Lay(Read(windows.Length, (row, sequence) => Copy(windows[row], sequence))))
        : WordsInOrder();

    private IEnumerable<Batch> WordsInOrder()
    {
        for (var start = 0L; start < Words.Count; start += BatchSize)
        {
            var first = start;
            yield return Lay(Read((int)Math.Min(BatchSize, Words.Count - first), (row, sequence) => ReadWord(first + row, sequence)));
        }
    }

    private int ReadWord(long index, Span<int> sequence)
    {
        var length = Words.Read(index, sequence[1..^1]);
        (sequence[0], sequence[length + 1]) = (Vocabulary.Stop, Vocabulary.Stop);
        return length + 2;
    }

    private int DrawWindow(Key draw, int row, Span<int> sequence)
    {
        var document = Document(draw.Below(Words.Count, row));
        var starts = Math.Max(1, document.Length - BlockSize);
        return Copy(document[(int)draw.At(row).Below(starts)..], sequence);
    }

    private IEnumerable<int[]> CutDocuments()
    {
        for (var index = 0L; index < Words.Count; index++)
        {
            var document = Document(index).ToArray();
            for (var start = 0; start < document.Length - 1; start += BlockSize)
                yield return document[start..Math.Min(document.Length, start + BlockSize + 1)];
        }
    }

    /// <summary>A document's tokens between start and stop.</summary>
    private ReadOnlySpan<int> Document(long index) => (int[])[Vocabulary.Stop, .. Words[index], Vocabulary.Stop];

    private static int Copy(ReadOnlySpan<int> tokens, Span<int> sequence)
    {
        var count = Math.Min(tokens.Length, sequence.Length);
        tokens[..count].CopyTo(sequence);
        return count;
    }

    private Sequences Draw(Key key, long index)
    {
        var draw = key.At(index);
        return Windows
            ? Read(BatchSize, (row, sequence) => DrawWindow(draw, row, sequence))
            : Read(BatchSize, (row, sequence) => ReadWord(draw.Below(Words.Count, row), sequence));
    }

    /// <summary>Reads a sequence for each row, each with the room of a whole block.</summary>
    private Sequences Read(int rows, Reader read)
    {
        var room = BlockSize + 1;
        var sequences = new Sequences(rows, Rent(rows * room), Rent(rows));
        for (var row = 0; row < rows; row++)
            sequences.Counts[row] = read(row, sequences.Tokens.AsSpan(row * room, room));
        return sequences;
    }

    /// <summary>Lays sequences out side by side, and gives their memory back.</summary>
    private Batch Lay(Sequences sequences)
    {
        var counts = sequences.Counts.AsSpan(0, sequences.Rows);
        var width = Trim ? Longest(counts) - 1 : BlockSize;
        Shape shape = [counts.Length, width];
        var (rentedX, rentedY) = (Rent(shape.Size), Rent(shape.Size));
        var x = rentedX.AsSpan(0, shape.Size);
        var y = rentedY.AsSpan(0, shape.Size);
        x.Clear();
        y.Fill(-1);
        for (var row = 0; row < counts.Length; row++)
        {
            var sequence = sequences.Tokens.AsSpan(row * (BlockSize + 1), counts[row]);
            sequence[..^1].CopyTo(x[(row * width)..]);
            sequence[1..].CopyTo(y[(row * width)..]);
        }
        var batch = new Batch(Tensor.Of(x, shape, Engine), Tensor.Of(y, shape, Engine));
        foreach (var rented in (ReadOnlySpan<int[]>)[rentedX, rentedY, sequences.Tokens, sequences.Counts])
            ArrayPool<int>.Shared.Return(rented);
        return batch;
    }

    private static int Longest(ReadOnlySpan<int> counts)
    {
        var longest = 0;
        foreach (var count in counts)
            longest = Math.Max(longest, count);
        return longest;
    }

    private static int[] Rent(int count) => ArrayPool<int>.Shared.Rent(count);

    /// <summary>Sequences of tokens in rented memory, each with the room of a block and the token before it.</summary>
    private sealed record Sequences(int Rows, int[] Tokens, int[] Counts);
}
