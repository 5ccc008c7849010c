using System.Buffers;

namespace Makemore;

/// <summary>Batches of words.</summary>
/// <param name="Words">The encoded words.</param>
/// <param name="BlockSize">The maximum T. No word is longer than this minus 1, except with windows.</param>
/// <param name="BatchSize">The number of words, or windows, in a batch, B.</param>
/// <param name="Trim">Whether T is only as long as the batch's longest sequence; the loss and the gradients are the same.</param>
/// <param name="Engine">The engine of the batches; by default the managed engine.</param>
/// <param name="Windows">Whether the words are documents of any length, and a sequence is a window of up to
/// <paramref name="BlockSize"/> consecutive tokens, each predicted from those before it in the window. A document is its
/// characters, preceded by the start and followed by the stop.</param>
/// <remarks>The windows of a text (<see cref="IEncodedText"/>) are full ones, and no start or stop is in them.</remarks>
public sealed record Batches(
    IEncodedWords Words, int BlockSize, int BatchSize, bool Trim = true, IEngine? Engine = null, bool Windows = false)
{
    // Starting a task has a cost, so each one reads several batches.
    private const int PrefetchedBatches = 16;

    /// <summary>Writes a sequence, preceded by one token of context, and returns its length.</summary>
    private delegate int Reader(int row, Span<int> sequence);

    /// <summary>Batch <paramref name="index"/> of a run: words drawn with replacement, as a pure function of the key and the
    /// index. With windows, all documents are equally likely, and so are all full windows of a document; a document no longer
    /// than a window is used whole.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no words.</exception>
    /// <exception cref="ArgumentException">A word is longer than the block size minus 1.</exception>
    public Batch At(Key key, long index) => Pad(Draw(key, index));

    /// <summary>As <see cref="At"/>, for a single thread that requests batches one after the other. A batch is valid until the
    /// next one is requested, because its buffers are reused. If the words are in a file, another thread reads those of the next
    /// batches in the background.</summary>
    public Func<long, Batch> Prefetched(Key key)
    {
        Func<long, Sequences> draw = index => Draw(key, index);
        if (!Words.AreInMemory)
            draw = new Prefetcher<Sequences>(draw, PrefetchedBatches).At;
        Batch? last = null;
        return index =>
        {
            last?.Recycle();
            last = null;
            return last = Pad(draw(index));
        };
    }

    /// <summary>The infinite sequence of batches of a run, from <paramref name="start"/> on.</summary>
    public IEnumerable<Batch> Drawn(Key key, long start = 0)
    {
        for (var index = start; ; index++)
            yield return At(key, index);
    }

    /// <summary>Every word once, in order; the last batch may be smaller. With windows, documents are split into consecutive
    /// windows, so that every token is predicted once; the last window of a document may be shorter.</summary>
    /// <remarks>The windows of a text overlap by half a block: but for the first half block, every token is predicted once, from at
    /// least half a block before it.</remarks>
    /// <param name="cancellation">Stops it before the next batch.</param>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public IEnumerable<Batch> InOrder(CancellationToken cancellation = default)
    {
        foreach (var batch in Words is IEncodedText text ? Strides(text) : Windows ? WindowsInOrder() : WordsInOrder())
        {
            cancellation.ThrowIfCancellationRequested();
            yield return batch;
        }
    }

    private IEnumerable<Batch> WindowsInOrder() => SplitDocuments().Chunk(BatchSize)
        .Select(windows => Pad(Read(windows.Length, (row, sequence) => Copy(windows[row], sequence))));

    private IEnumerable<Batch> Strides(IEncodedText text)
    {
        var stride = Math.Max(1, BlockSize / 2);
        for (var start = 0L; start == 0 || start + BlockSize - stride + 1 < text.Length; start += BatchSize * stride)
        {
            // The last window may be shorter; it predicts a token at least.
            var (first, left) = (start, text.Length - 1 - (start + BlockSize - stride));
            var rows = (int)Math.Clamp((left + stride - 1) / stride, 1, BatchSize);
            yield return Pad(
                Read(rows, (row, sequence) => CopyAt(text, first + (row * stride), sequence)),
                row => first + row == 0 ? 0 : BlockSize - stride);
        }
    }

    private static int CopyAt(IEncodedText text, long offset, Span<int> sequence)
    {
        var count = (int)Math.Min(sequence.Length, text.Length - offset);
        text.ReadAt(offset, sequence[..count]);
        return count;
    }

    private IEnumerable<Batch> WordsInOrder()
    {
        for (var start = 0L; start < Words.Count; start += BatchSize)
        {
            var (first, rows) = (start, (int)Math.Min(BatchSize, Words.Count - start));
            yield return Pad(Read(rows, (row, sequence) => ReadWord(first + row, sequence)));
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

    private IEnumerable<int[]> SplitDocuments()
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
        if (Words is IEncodedText text)
            return Read(BatchSize, (row, sequence) => CopyAt(text, draw.Below(Math.Max(1, text.Length - BlockSize), row), sequence));
        return Windows
            ? Read(BatchSize, (row, sequence) => DrawWindow(draw, row, sequence))
            : Read(BatchSize, (row, sequence) => ReadWord(draw.Below(Words.Count, row), sequence));
    }

    /// <summary>Reads a sequence for each row, each into the space of a whole block.</summary>
    private Sequences Read(int rows, Reader read)
    {
        var capacity = BlockSize + 1;
        var sequences = new Sequences(rows, Rent(rows * capacity), Rent(rows));
        for (var row = 0; row < rows; row++)
            sequences.Counts[row] = read(row, sequences.Tokens.AsSpan(row * capacity, capacity));
        return sequences;
    }

    /// <summary>Pads sequences to a batch, and returns their buffers.</summary>
    /// <param name="sequences">The sequences.</param>
    /// <param name="context">The number of targets at the beginning of a row that count for no loss.</param>
    private Batch Pad(Sequences sequences, Func<int, int>? context = null)
    {
        var counts = sequences.Counts.AsSpan(0, sequences.Rows);
        var width = Trim ? Max(counts) - 1 : BlockSize;
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
            var given = context?.Invoke(row) ?? 0;
            sequence[(1 + given)..].CopyTo(y[((row * width) + given)..]);
        }
        var batch = new Batch(Tensor.Of(x, shape, Engine), Tensor.Of(y, shape, Engine));
        foreach (var rented in (ReadOnlySpan<int[]>)[rentedX, rentedY, sequences.Tokens, sequences.Counts])
            ArrayPool<int>.Shared.Return(rented);
        return batch;
    }

    private static int Max(ReadOnlySpan<int> counts)
    {
        var max = 0;
        foreach (var count in counts)
            max = Math.Max(max, count);
        return max;
    }

    private static int[] Rent(int count) => ArrayPool<int>.Shared.Rent(count);

    /// <summary>Sequences of tokens in rented buffers, each in the space of a block and its token of context.</summary>
    private sealed record Sequences(int Rows, int[] Tokens, int[] Counts);
}
