namespace Makemore;

/// <summary>What has to hold of every model, as numbers.</summary>
public static class ModelChecks
{
    /// <summary>The largest difference between the logits of Forward on ids (B, T) and those of Step, folded over the
    /// positions, relative to the largest logit; 0 is agreement. Half-way the first half of the sequences is left out, as
    /// finished words are.</summary>
    public static double StepError<P, C>(Model<P, C> model, P p, Tensor ids)
    {
        using var region = Region.Root.Open();
        var lifted = Tree.In(p, region);
        var forward = model.Forward(lifted, ids);
        int[] rows = [.. Enumerable.Range(0, ids.Shape[0])];
        var (cache, steps, truth) = (model.Start(lifted, rows.Length), new List<float>(), new List<float>());
        for (var t = 0; t < ids.Shape[1]; t++)
        {
            if (t == ids.Shape[1] / 2 && Model.HasRows(cache, rows.Length))
            {
                cache = Model.Rows(cache, [.. Enumerable.Range(0, rows.Length).Skip(rows.Length / 2)]);
                rows = rows[(rows.Length / 2)..];
            }
            (var logits, cache) = model.Step(lifted, cache, Model.Rows(ids.At(1, t), rows));
            steps.AddRange(logits.ToArray());
            truth.AddRange(Model.Rows(forward.At(1, t), rows).ToArray());
        }
        return Difference([.. steps], [.. truth]);
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
