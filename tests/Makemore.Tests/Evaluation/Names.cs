using Makemore.Tests.Script;

namespace Makemore.Tests;

/// <summary>The data set of the project, and models of it that need no training.</summary>
internal static class Names
{
    public static Corpus Corpus { get; } =
        Corpus.Read(new(Path.Combine(HostProcess.Repository, "data", "names.txt")), Opening.SplitKey(3407)).Value();

    /// <summary>The table of bigram counts, as in bigram.csx.</summary>
    public static (Model<Table, Tensor> Model, Table Table) Bigram(float smoothing)
    {
        var V = Corpus.Vocabulary.Size;
        var counts = new float[V * V];
        foreach (var (from, to) in Corpus.Train.Pairs())
            counts[(from * V) + to]++;
        var table = new Table(Primitives.Log(Tensor.Of(counts, [V, V]) + smoothing));
        return (Model.FromWindow<Table>("bigram", Corpus.BlockSize, 1, 0, _ => table, (p, window) =>
            Primitives.Gather(p.Logits, window.At(-1, 0))), table);
    }

    /// <summary>Samples from the n-grams of some words, with contexts of a given length.</summary>
    public static Sample[] Repeat(IEncodedWords words, int context, int count)
    {
        var followers = Enumerable.Range(0, (int)words.Count)
            .SelectMany(i => Ends([.. words[i], 0]))
            .ToLookup(pair => pair.Context, pair => pair.Next);
        return [.. Enumerable.Range(0, count).Select(i => Word(Key.FromSeed(11).At(i)))];

        IEnumerable<(string Context, int Next)> Ends(int[] tokens) =>
            tokens.Select((token, t) => (string.Join(' ', tokens[Math.Max(0, t - context)..t]), token));

        Sample Word(Key key)
        {
            var tokens = new List<int>();
            while (tokens.Count < 50)
            {
                var next = followers[string.Join(' ', tokens.TakeLast(context))].ToArray();
                var token = next[key.Below(next.Length, tokens.Count)];
                if (token == 0)
                    return new(tokens, true);
                tokens.Add(token);
            }
            return new(tokens, false);
        }
    }

    public sealed record Table(Tensor Logits);
}
