using System.Buffers;

namespace Makemore;

/// <summary>How words become batches.</summary>
/// <param name="Words">The words as tokens.</param>
/// <param name="BlockSize">The greatest T: no word is longer than this less 1.</param>
/// <param name="BatchSize">The number of words in a batch, B.</param>
/// <param name="Trim">Whether T is only the batch's longest word + 1; the loss and the gradients are the same.</param>
/// <param name="Engine">The engine that the batches are for; the managed one where no other is given.</param>
public sealed record Batches(
    IEncodedWords Words, int BlockSize, int BatchSize, bool Trim = true, IEngine? Engine = null)
{
    /// <summary>Batch number <paramref name="index"/> of a run: words drawn with replacement, the same for the same key
    /// and index whatever was drawn before.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no words.</exception>
    /// <exception cref="ArgumentException">A word is longer than the block size less 1.</exception>
    public Batch At(Key key, long index)
    {
        var draw = key.At(index);
        return Gather(BatchSize, row => draw.Below(Words.Count, row));
    }

    /// <summary>The batches of a run without end, from number <paramref name="start"/> on.</summary>
    public IEnumerable<Batch> Drawn(Key key, long start = 0)
    {
        for (var index = start; ; index++)
            yield return At(key, index);
    }

    /// <summary>Every word once, in order; the last batch may be smaller.</summary>
    public IEnumerable<Batch> InOrder()
    {
        for (var start = 0L; start < Words.Count; start += BatchSize)
        {
            var first = start;
            yield return Gather((int)Math.Min(BatchSize, Words.Count - first), row => first + row);
        }
    }

    /// <summary>Reads a word for each row, each with the room of a whole block, and lays them out.</summary>
    private Batch Gather(int rows, Func<int, long> pick)
    {
        var (words, lengths) = (Rent(rows * BlockSize), Rent(rows));
        for (var row = 0; row < rows; row++)
            lengths[row] = Words.Read(pick(row), words.AsSpan(row * BlockSize, BlockSize - 1));
        var batch = Lay(words, lengths.AsSpan(0, rows));
        Return(words);
        Return(lengths);
        return batch;
    }

    private Batch Lay(ReadOnlySpan<int> words, ReadOnlySpan<int> lengths)
    {
        var width = Trim ? Longest(lengths) + 1 : BlockSize;
        Shape shape = [lengths.Length, width];
        var (rentedX, rentedY) = (Rent(shape.Size), Rent(shape.Size));
        var x = rentedX.AsSpan(0, shape.Size);
        var y = rentedY.AsSpan(0, shape.Size);
        x.Clear();
        y.Fill(-1);
        for (var row = 0; row < lengths.Length; row++)
        {
            var word = words.Slice(row * BlockSize, lengths[row]);
            word.CopyTo(x[((row * width) + 1)..]);
            word.CopyTo(y[(row * width)..]);
            y[(row * width) + word.Length] = Vocabulary.Stop;
        }
        var batch = new Batch(Tensor.Of(x, shape, Engine), Tensor.Of(y, shape, Engine));
        Return(rentedX);
        Return(rentedY);
        return batch;
    }

    private static int Longest(ReadOnlySpan<int> lengths)
    {
        var longest = 0;
        foreach (var length in lengths)
            longest = Math.Max(longest, length);
        return longest;
    }

    private static int[] Rent(int count) => ArrayPool<int>.Shared.Rent(count);

    private static void Return(int[] rented) => ArrayPool<int>.Shared.Return(rented);
}
