namespace Makemore;

/// <summary>Training: a step is a pure function of a state and a batch, and a run is a fold of it over batches.</summary>
public static class Training
{
    /// <summary>A step of gradient descent: the optimizer turns the gradient of a loss into an update, which is added to the parameters.</summary>
    /// <param name="loss">The loss; <see cref="CrossEntropy{P,C}"/> for a language model.</param>
    public static TrainStep<P> Step<P>(TrainLoss<P> loss) => (state, batch, key) =>
    {
        var (value, updated, grads) = Gradients.ValueAndGrad(state.Params, p => loss(p, batch, key));
        var (updates, optimizerState) = state.Update(grads);
        return new(state.Next(Apply(state.Params, updates, updated), optimizerState), value, grads);
    };

    /// <summary>The mean cross-entropy of a model in training over the tokens of a batch. Without buffers, which are of the whole
    /// batch, a batch of rows of very different lengths is passed to the model in parts.</summary>
    /// <param name="model">The model.</param>
    /// <param name="smoothing">Label smoothing: the fraction of each target that is spread evenly over all tokens.</param>
    public static TrainLoss<P> CrossEntropy<P, C>(Model<P, C> model, float smoothing = 0) => (p, batch, key) =>
    {
        if (batch.Parts() is { Count: > 1 } parts && !Tree.Leaves(p).Any(leaf => leaf.IsBuffer))
            return (Mean(parts.Select((part, i) => (model.Train(p, part, key.At(i)).Logits, part.Y)), batch.Y), p);
        var (logits, updated) = model.Train(p, batch, key);
        return (Primitives.CrossEntropy(logits, batch.Y, smoothing), updated);

        Tensor Mean(IEnumerable<(Tensor Logits, Tensor Y)> parts, Tensor all) => parts
            .Select(part => Primitives.CrossEntropy(part.Logits, part.Y, smoothing)
                * ((float)Primitives.LiveCount(part.Y) / Primitives.LiveCount(all)))
            .Aggregate((sum, part) => sum + part);
    };

    /// <summary>
    /// A training run as a lazy scan of a step over batches 0, 1, 2, …, without end; stopping is <c>TakeWhile</c> or
    /// <c>break</c>.
    /// </summary>
    /// <remarks>Enumerating twice trains twice. A state can be read until the second one after it is asked for, because its
    /// buffers are then reused, unless <see cref="TrainState{P}.Keep"/> was called; the loss and the gradient of a step until
    /// the next step is asked for. Everything else that a step computes is released when it returns.</remarks>
    /// <param name="step">The step.</param>
    /// <param name="start">The state to start from; its buffers are not reused.</param>
    /// <param name="batches">The batch of each step, the same for the same index; it is not read after the next one is asked
    /// for.</param>
    /// <param name="key">The randomness of the steps.</param>
    public static IEnumerable<StepResult<P>> Scan<P>(
        TrainStep<P> step, TrainState<P> start, Func<long, Batch> batches, Key key)
    {
        var state = start.Keep();
        Tensor[] before = [], current = [.. state.Tensors()];
        while (true)
        {
            Recycle(before, current);
            using var results = Region.Root.Open();
            var result = InRegion(step, state, batches(state.Step), key.At(state.Step), results);
            state = result.State;
            (before, current) = (current, [.. state.Tensors()]);
            yield return result;
        }
    }

    /// <summary>The trainable leaves: all but buffers.</summary>
    public static IReadOnlyList<Leaf> Trainable<P>(P p) => [.. Tree.Leaves(p).Where(leaf => !leaf.IsBuffer)];

    /// <summary>Runs a step in a region of its own, which releases everything that the step does not return.</summary>
    private static StepResult<P> InRegion<P>(TrainStep<P> step, TrainState<P> state, Batch batch, Key key, Region results)
    {
        using var region = results.Open();
        // The batch is in the region too, so that what is computed from it alone, such as windows, is released with the step.
        var lifted = state.In(region);
        var (next, loss, grads) = step(lifted, new(batch.X.In(region), batch.Y.In(region)), key);
        if (next.Step != state.Step + 1)
            throw new InvalidOperationException(
                $"Training.Scan: the step after {state.Step} led to step {next.Step}; make its state by TrainState.Next.");
        if (ReferenceEquals(next.OptimizerState, lifted.OptimizerState) && next.HasAverage)
            throw new InvalidOperationException(
                "Training.Scan: the step leaves out the optimizer, which keeps a running mean of the parameters; call TrainState.Update.");
        // The state escapes last, because storage that it shares with a gradient has to live as long as the state.
        var (escapedLoss, escapedGrads) = (loss.Escape(results), Tree.Escape(grads, results));
        return new(next.Escape(), escapedLoss, escapedGrads);
    }

    /// <summary>Adds updates to the parameters, and replaces the buffers.</summary>
    internal static P Apply<P>(P p, P updates, P updated)
    {
        var (steps, buffers) = (Tree.Tensors(updates), Tree.Tensors(updated));
        return Tree.Rebuild(
            p, [.. Tree.Leaves(p).Select((leaf, i) => leaf.IsBuffer ? buffers[i] : leaf.Value + steps[i])]);
    }

    /// <summary>Releases the buffers of a state, except for those that are kept or shared with the state after it.</summary>
    private static void Recycle(Tensor[] state, Tensor[] next)
    {
        var inUse = next.Select(tensor => tensor.Raw.Storage).ToHashSet();
        foreach (var tensor in state)
            if (!tensor.Raw.Storage.IsKept && inUse.Add(tensor.Raw.Storage))
                tensor.Raw.Storage.Return();
    }
}
