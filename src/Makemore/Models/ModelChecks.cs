namespace Makemore;

/// <summary>What must hold for every model, as numbers. Errors are relative to the largest logit, and NaN if a logit is NaN.</summary>
public static class ModelChecks
{
    /// <summary>The largest error that rounding can explain: many times the 6e-8 of a float32, much less than any dependence
    /// changes.</summary>
    public const double Rounding = 1e-5;

    /// <summary>The size of the last dimension of Forward's logits, which must be the number of tokens; 0 if they have no
    /// dimensions.</summary>
    public static int Width<P, C>(Model<P, C> model, P p)
    {
        using var region = Region.Root.Open();
        var shape = model.Forward(Tree.In(p, region), Tensor.Of([Vocabulary.Stop], [1, 1], Model.EngineOf(p))).Shape;
        return shape.Rank == 0 ? 0 : shape[^1];
    }

    /// <summary>The largest difference between Forward's logits on ids (B, T) and those of Step folded over the positions,
    /// relative to the largest logit; 0 means that they agree.</summary>
    public static double StepError<P, C>(Model<P, C> model, P p, Tensor ids)
    {
        using var region = Region.Root.Open();
        var lifted = Tree.In(p, region);
        return Difference(
            Primitives.Stack(1, Steps(model, lifted, model.Start(lifted, ids.Shape[0]), ids).Logits).ToArray(),
            model.Forward(lifted, ids).ToArray());
    }

    /// <summary>The largest change in Step's logits on the second half of ids (B, T) when the first half of the sequences leaves
    /// the batch before it, as finished words do, relative to the largest logit; 0 if none can leave, because the cache does
    /// not have one row per sequence.</summary>
    public static double LeavingError<P, C>(Model<P, C> model, P p, Tensor ids)
    {
        using var region = Region.Root.Open();
        var lifted = Tree.In(p, region);
        var (batch, half) = (ids.Shape[0], ids.Shape[1] / 2);
        if (!Model.HasRows(model, lifted) || half == 0)
            return 0;
        int[] rows = [.. Enumerable.Range(0, batch).Skip(batch / 2)];
        var cache = Steps(model, lifted, model.Start(lifted, batch), ids.Slice(1, 0, half)).Cache;
        var rest = ids.Slice(1, half, ids.Shape[1] - half);
        var all = Primitives.Stack(1, Steps(model, lifted, cache, rest).Logits);
        var some = Primitives.Stack(1, Steps(model, lifted, Model.Rows(cache, rows), Model.Rows(rest, rows)).Logits);
        return Difference(some.ToArray(), Model.Rows(all.Reshape([batch, -1]), rows).ToArray());
    }

    private static (Tensor[] Logits, C Cache) Steps<P, C>(Model<P, C> model, P p, C cache, Tensor ids)
    {
        var logits = new Tensor[ids.Shape[1]];
        for (var t = 0; t < logits.Length; t++)
            (logits[t], cache) = model.Step(p, cache, ids.At(1, t));
        return (logits, cache);
    }

    /// <summary>The largest change in Forward's logits on ids (B, T) before the last position when only the last token changes,
    /// relative to the largest logit; anything above <see cref="Rounding"/> means that a position sees the future.</summary>
    public static double FutureError<P, C>(Model<P, C> model, P p, Tensor ids, int vocabSize)
    {
        using var region = Region.Root.Open();
        var lifted = Tree.In(p, region);
        var length = ids.Shape[1];
        var changed = ids.ToInts().Select((id, i) => i % length == length - 1 ? (id + 1) % vocabSize : id).ToArray();
        var (before, after) = (model.Forward(lifted, ids), model.Forward(lifted, Tensor.Of(changed, ids.Shape, ids.Engine)));
        return Difference(after.Slice(1, 0, length - 1).ToArray(), before.Slice(1, 0, length - 1).ToArray());
    }

    private static double Difference(float[] values, float[] truth) => values.Concat(truth).Any(float.IsNaN)
        ? double.NaN
        : values.Zip(truth, (a, b) => a.Equals(b) ? 0 : Math.Abs((double)a - b)).DefaultIfEmpty(0).Max()
            / Math.Max(1e-6, truth.Where(float.IsFinite).Select(value => Math.Abs((double)value)).DefaultIfEmpty(0).Max());
}
