namespace Makemore;

/// <summary>Training: a pure step, and the run that is its fold.</summary>
public static class Training
{
    /// <summary>
    /// A training run, as the lazy scan of <see cref="Step"/> over batches 0, 1, 2 …: first the state it starts from,
    /// then each next one, without end. Stopping is <c>TakeWhile</c> or <c>break</c>.
    /// </summary>
    /// <remarks>Enumerating twice trains twice. A state is good until the second one after it is asked for: the
    /// memory of older ones is recycled, unless <see cref="TrainState{P}.Keep"/> was called.</remarks>
    /// <param name="model">What is trained.</param>
    /// <param name="optimizer">How.</param>
    /// <param name="start">Where from; its memory is left alone.</param>
    /// <param name="batches">The batch of each step, always the same one for the same index; it is not read any more when the
    /// next one is asked for.</param>
    /// <param name="key">The randomness of the steps: dropout.</param>
    /// <param name="smoothing">The share of the targets that is spread evenly over all tokens.</param>
    public static IEnumerable<TrainState<P>> Scan<P, C>(
        Model<P, C> model, Transform optimizer, TrainState<P> start, Func<long, Batch> batches, Key key,
        float smoothing = 0)
    {
        var state = start.Keep();
        Tensor[] before = [], held = [.. state.Tensors()];
        while (true)
        {
            yield return state;
            state = Step(model, optimizer, state, batches(state.Step), key.At(state.Step), smoothing);
            Tensor[] next = [.. state.Tensors()];
            Recycle(before, held, next);
            (before, held) = (held, next);
        }
    }

    /// <summary>One step: the gradient of the batch's mean loss, through the optimizer, added to the parameters. The
    /// state it is given is not changed.</summary>
    public static TrainState<P> Step<P, C>(
        Model<P, C> model, Transform optimizer, TrainState<P> state, Batch batch, Key key, float smoothing = 0)
    {
        using var region = Region.Root.Open();
        var p = Tree.In(state.Params, region);
        // What is computed from the batch alone, such as windows, ends with the step too.
        var lifted = new Batch(batch.X.In(region), batch.Y.In(region));
        var (loss, updated, grads) = Gradients.ValueAndGrad(p, q => Loss(model, q, lifted, key, smoothing));
        var leaves = Tree.Leaves(p);
        var slopes = Tree.Tensors(grads).Where((_, i) => !leaves[i].IsBuffer);
        var memory = state.OptimizerState.Select(slot => slot.Select(tensor => tensor.In(region)).ToArray()).ToArray();
        var (updates, remembered) = optimizer.Update(
            new(state.Step, [.. leaves.Where(leaf => !leaf.IsBuffer)]), [.. slopes], memory);
        return new(
            state.Step + 1,
            Tree.Escape(Apply(p, leaves, updated, updates), Region.Root),
            Array.ConvertAll(remembered, slot => Array.ConvertAll(slot, tensor => tensor.Escape(Region.Root))),
            loss.Item());
    }

    /// <summary>The leaves that are trained: all but statistics.</summary>
    public static IReadOnlyList<Leaf> Trainable<P>(P p) => [.. Tree.Leaves(p).Where(leaf => !leaf.IsBuffer)];

    private static (Tensor Loss, P Updated) Loss<P, C>(
        Model<P, C> model, P p, Batch batch, Key key, float smoothing)
    {
        var (logits, updated) = model.Train(p, batch, key);
        return (Primitives.CrossEntropy(logits, batch.Y, smoothing), updated);
    }

    /// <summary>Parameters moved by their updates, statistics as they were updated.</summary>
    private static P Apply<P>(P p, IReadOnlyList<Leaf> leaves, P updated, Tensor[] updates)
    {
        var (fresh, next) = (Tree.Tensors(updated), 0);
        var moved = leaves.Select((leaf, i) => leaf.IsBuffer ? fresh[i] : leaf.Value + updates[next++]);
        return Tree.Rebuild(p, [.. moved]);
    }

    /// <summary>Gives back the memory of a state, except for what is kept, and what the two after it share with
    /// it.</summary>
    private static void Recycle(Tensor[] state, Tensor[] next, Tensor[] last)
    {
        var inUse = next.Concat(last).Select(tensor => tensor.Raw.Storage).ToHashSet();
        foreach (var tensor in state)
            if (!tensor.Raw.Storage.IsKept && inUse.Add(tensor.Raw.Storage))
                tensor.Raw.Storage.Return();
    }
}
