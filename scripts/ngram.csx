#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// The n-gram: how often each character came after the last n − 1, after the last n − 2, … and after none.
//
// New since bigram.csx: more context, and what to do about contexts that were seen rarely or never. Long contexts know
// more, but have few counts; Witten and Bell let each context trust its own counts to the extent that it has stopped
// showing new characters, and ask the next shorter one for the rest: "The zero-frequency problem", 1991, method C,
// interpolated as in Chen, Goodman: "An empirical study of smoothing techniques", 1998, equation 16. There is still no
// training: this is the baseline for every trained model.

// Table k − 1 is (rows, k + 1): k characters that occur in a row, oldest first, and how often they do.
public sealed record Tables(Tensor[] Counts, int V, double? AddK)
{
    // Before anything is counted, no table has rows.
    public static Tables Empty(int order, int V, double? addK) =>
        new([.. Enumerable.Range(2, order).Select(width => Tensor.Of(Array.Empty<int>(), [0, width]))], V, addK);

    // The start of the word is repeated in front, so that every character has a full context.
    public static Tables Count(IEncodedWords words, int order, int V, double? addK)
    {
        var counts = Enumerable.Range(0, order).Select(_ => new Dictionary<string, int>(StringComparer.Ordinal)).ToArray();
        for (var word = 0L; word < words.Count; word++)
        {
            var text = new string('\0', order) + string.Concat(words[word].ToArray().Select(id => (char)id)) + '\0';
            for (var end = order + 1; end <= text.Length; end++)
                for (var k = 1; k <= order; k++)
                    counts[k - 1][text[(end - k)..end]] = counts[k - 1].GetValueOrDefault(text[(end - k)..end]) + 1;
        }
        return new([.. counts.Select((table, k) => Tensor.Of(Rows(table), [table.Count, k + 2]))], V, addK);
    }

    static int[] Rows(Dictionary<string, int> table) =>
        [.. table.OrderBy(row => row.Key, StringComparer.Ordinal).SelectMany(row => row.Key.Select(id => (int)id).Append(row.Value))];

    // Logits are the logarithms of the probabilities: softmax gives these back.
    public Tensor Forward(Tensor window)                                                // (…, n)
    {
        var (tables, ids, n) = (Counts.Select(table => table.ToInts()).ToArray(), window.ToInts(), window.Shape[^1]);
        var probabilities = new float[ids.Length / n * V];
        for (var i = 0; i < ids.Length / n; i++)
            Array.Copy(Probabilities(tables, ids[(i * n)..((i + 1) * n)]), 0, probabilities, i * V, V);
        return Log(Tensor.Of(probabilities, [.. window.Shape[..^1], V], window.Engine));    // (…, V)
    }

    // From the shortest context to the longest: (counts + distinct · the shorter one's estimate) / (total + distinct).
    float[] Probabilities(int[][] tables, int[] newestFirst)
    {
        var (order, estimate) = (tables.Length, Enumerable.Repeat(1.0 / V, V).ToArray());
        for (var k = AddK is null ? 1 : order; k <= order; k++)
        {
            var counts = After([.. newestFirst.Take(k - 1).Reverse()], tables[k - 1]);
            var (total, distinct) = (counts.Sum(), counts.Count(count => count > 0));
            var weight = AddK is { } added ? added * V : distinct;
            if (total + weight > 0)
                estimate = [.. counts.Zip(estimate, (count, shorter) => (count + (weight * shorter)) / (total + weight))];
        }
        return Array.ConvertAll(estimate, probability => (float)probability);
    }

    // How often each character came after a context. Tables are sorted, so a context's rows are next to each other.
    int[] After(int[] context, int[] table)
    {
        var (counts, width) = (new int[V], context.Length + 2);
        var (low, high) = (0, table.Length / width);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var isBefore = table.AsSpan(middle * width, context.Length).SequenceCompareTo(context) < 0;
            (low, high) = isBefore ? (middle + 1, high) : (low, middle);
        }
        for (var row = low * width; row < table.Length && table.AsSpan(row, context.Length).SequenceEqual(context); row += width)
            counts[table[row + width - 2]] = table[row + width - 1];
        return counts;
    }
}

var nOption = Option.Number("--order", 5, "n: a character and the n − 1 before it are counted together");
var kOption = Option.MaybeNumber(
    "--add-k", "add k to the counts of the longest context instead of interpolating [default: interpolate]");
var run = Run.Open(Args, "ngram", "Counts of the last characters, interpolated (Witten, Bell 1991).", [nOption, kOption]);
run.Require(run.VocabSize <= char.MaxValue, $"{run.VocabSize - 1} distinct characters are more than the tables can hold");
// A context as long as the longest word says all that there is to say.
var (V, order, addK) = (run.VocabSize, Math.Min(run.Get(nOption), run.BlockSize), run.Get(kOption));

// The window always has at least one character; an order of 1 ignores it.
var ngram = Model.FromWindow(
    run.Name, run.BlockSize, Math.Max(1, order - 1), blank: 0,
    _ => Tables.Empty(order, V, addK), (p, window) => p.Forward(window));
return run.Fit(ngram, () => Tables.Count(run.Corpus.Train, order, V, addK));
