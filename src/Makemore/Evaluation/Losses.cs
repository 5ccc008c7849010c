namespace Makemore;

/// <summary>The losses of a model on words.</summary>
public static class Losses
{
    /// <summary>The nats and the number of tokens of each word, in order, lazily.</summary>
    public static IEnumerable<(double Nats, int Tokens)> ByWord<P, C>(Model<P, C> model, P p, IEnumerable<Batch> batches) =>
        from whole in batches
        from batch in whole.Parts()
        let losses = Read(model, p, batch, (loss, _) => loss.ToArray())
        from word in ByWord(batch.Y.ToInts(), losses, batch.Y.Shape[1])
        select (word.Total, word.Tokens);

    /// <summary>The loss of a model on batches of words, which are read in one pass.</summary>
    public static LossSummary Evaluate<P, C>(Model<P, C> model, P p, IEnumerable<Batch> batches) =>
        LossSummary.Of(ByWord(model, p, batches));

    /// <summary>The loss of a model on a piece of a text, block by block (<see cref="TextBlock"/>).</summary>
    internal static LossSummary EvaluateText<P, C>(Model<P, C> model, P p, IEnumerable<Batch> batches, Vocabulary vocabulary)
    {
        var windows = batches.SelectMany(batch =>
            ByWord(batch.Y.ToInts(), Read(model, p, batch, (loss, _) => loss.ToArray()), batch.Y.Shape[1]));
        return TextBlock.PerToken(windows, vocabulary);
    }

    /// <summary>Reads the losses (B, T) and the logits (B, T, V) of a batch while their region is open.</summary>
    internal static T Read<P, C, T>(Model<P, C> model, P p, Batch batch, Func<Tensor, Tensor, T> read)
    {
        using var region = Region.Root.Open();
        var logits = model.Forward(Tree.In(p, region), batch.X);
        return read(Primitives.TokenLoss(logits, batch.Y), logits);
    }

    /// <summary>The words of a batch: the targets of each row of length T, without padding.</summary>
    internal static IEnumerable<WordLoss> ByWord(int[] targets, float[] losses, int length)
    {
        for (var start = 0; start < targets.Length; start += length)
        {
            var live = Enumerable.Range(start, length).Where(t => targets[t] >= 0).ToArray();
            yield return new(Array.ConvertAll(live, t => targets[t]), Array.ConvertAll(live, t => losses[t]), live is [var first, ..] ? first - start : 0);
        }
    }
}
