namespace Makemore;

/// <summary>What has to hold of every model, as numbers.</summary>
public static class ModelChecks
{
    /// <summary>The largest difference between the logits of Forward on ids (B, T) and those of Step, folded over the
    /// positions, relative to the largest logit; 0 is agreement.</summary>
    public static double StepError<P, C>(Model<P, C> model, P p, Tensor ids)
    {
        using var region = Region.Root.Open();
        var lifted = Tree.In(p, region);
        var forward = model.Forward(lifted, ids);
        var cache = model.Start(lifted, ids.Shape[0]);
        var steps = new Tensor[ids.Shape[1]];
        for (var t = 0; t < steps.Length; t++)
            (steps[t], cache) = model.Step(lifted, cache, ids.At(1, t));
        return Difference(Primitives.Stack(1, steps).ToArray(), forward.ToArray());
    }

    /// <summary>The largest change of a logit of Forward on ids (B, T) at positions before the last one when only the last
    /// token changes, relative to the largest logit; anything but 0 is a look into the future.</summary>
    public static double FutureError<P, C>(Model<P, C> model, P p, Tensor ids, int vocabSize)
    {
        using var region = Region.Root.Open();
        var lifted = Tree.In(p, region);
        var length = ids.Shape[1];
        var changed = ids.ToInts().Select((id, i) => i % length == length - 1 ? (id + 1) % vocabSize : id).ToArray();
        var (before, after) = (model.Forward(lifted, ids), model.Forward(lifted, Tensor.Of(changed, ids.Shape, ids.Engine)));
        return Difference(after.Slice(1, 0, length - 1).ToArray(), before.Slice(1, 0, length - 1).ToArray());
    }

    private static double Difference(float[] values, float[] truth) =>
        values.Zip(truth, (a, b) => Math.Abs((double)a - b)).DefaultIfEmpty(0).Max()
        / Math.Max(1e-6, truth.Select(value => Math.Abs((double)value)).DefaultIfEmpty(0).Max());
}
