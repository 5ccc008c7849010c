#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// The n-gram: how often each character came after the last n − 1, after the last n − 2, … and after none.
//
// New since bigram.csx: more context, and what to do about contexts that were seen rarely or never. Long contexts know
// more, but have few counts; Witten and Bell let each context trust its own counts as far as it has often shown
// nothing new, and ask the next shorter one for the rest: "The zero-frequency problem", 1991, method C, interpolated
// as in Chen, Goodman: "An empirical study of smoothing techniques", 1998, equation 16. Still no training: this is
// the honest baseline, and the line that a trained model has to beat.

var orderOption = Option.Number("--order", 5, "n: a character and the n − 1 before it are counted together");
var addKOption = Option.MaybeNumber(
    "--add-k", "add k to the counts of the longest context instead of interpolating [default: interpolate]");
var run = Run.Open(Args, "ngram", "Counts of the last characters, interpolated (Witten, Bell 1991).", [orderOption, addKOption]);
run.Require(run.VocabSize <= char.MaxValue, $"{run.VocabSize} distinct characters are more than the tables can name");
var (V, order, addK) = (run.VocabSize, run.Get(orderOption), run.Get(addKOption));

// The window is newest first and always of one length, so an order of 1 sees a character that it then ignores.
var ngram = Model.FromWindow<Params>(run.Name, run.BlockSize, Math.Max(1, order - 1), blank: 0, _ => Count(), Logits);
return run.Fit(ngram, Count);

// Table k − 1 has a row for each k characters that occur in a row, the start of the word repeated in front.
Params Count()
{
    var counts = Enumerable.Range(0, order).Select(_ => new Dictionary<string, int>(StringComparer.Ordinal)).ToArray();
    for (var word = 0L; word < run.Corpus.Train.Count; word++)
    {
        var text = new string('\0', order) + string.Concat(run.Corpus.Train[word].ToArray().Select(id => (char)id)) + '\0';
        for (var end = order + 1; end <= text.Length; end++)
            for (var k = 1; k <= order; k++)
                counts[k - 1][text[(end - k)..end]] = counts[k - 1].GetValueOrDefault(text[(end - k)..end]) + 1;
    }
    return new([.. counts.Select((table, k) => Tensor.Of(Rows(table), [table.Count, k + 2]))]);
}

int[] Rows(Dictionary<string, int> table) =>
    [.. table.OrderBy(row => row.Key, StringComparer.Ordinal).SelectMany(row => row.Key.Select(id => (int)id).Append(row.Value))];

// Logits are the logarithms of probabilities: softmax gives them back.
Tensor Logits(Params p, Tensor window)                                              // (…, n)
{
    var (tables, ids, n) = (p.Counts.Select(table => table.ToInts()).ToArray(), window.ToInts(), window.Shape[^1]);
    var probabilities = new float[ids.Length / n * V];
    for (var i = 0; i < ids.Length / n; i++)
        Array.Copy(Probabilities(tables, ids[(i * n)..((i + 1) * n)]), 0, probabilities, i * V, V);
    return Log(Tensor.Of(probabilities, [.. window.Shape[..^1], V], window.Engine));    // (…, V)
}

// From the shortest context to the longest: (counts + kinds · the shorter context's view) / (total + kinds).
float[] Probabilities(int[][] tables, int[] newestFirst)
{
    var view = Enumerable.Repeat(1.0 / V, V).ToArray();
    for (var k = addK is null ? 1 : order; k <= order; k++)
    {
        var counts = After([.. newestFirst.Take(k - 1).Reverse()], tables[k - 1]);
        var (total, kinds) = (counts.Sum(), counts.Count(count => count > 0));
        var weight = addK is { } added ? added * V : kinds;
        if (total + weight > 0)
            view = [.. counts.Zip(view, (count, shorter) => (count + (weight * shorter)) / (total + weight))];
    }
    return Array.ConvertAll(view, probability => (float)probability);
}

// How often each character came after a context: its rows stand together, because tables are sorted.
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

// Table k − 1 is (rows, k + 1): k characters, oldest first, and their count.
public sealed record Params(Tensor[] Counts);
