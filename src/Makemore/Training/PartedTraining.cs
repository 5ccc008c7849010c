namespace Makemore;

/// <summary>Training on batches that are divided into parts: into as many whatever the number of processes, so that one process and
/// several end with the same bits.</summary>
/// <remarks>The gradient of a batch is the sum of those of its parts, in a fixed tree (<see cref="PartSums"/>). Normalization takes the
/// statistics of the whole batch, and so does everything that follows the gradient, such as clipping. Parts have different random
/// numbers for dropout, by their number.</remarks>
public static class PartedTraining
{
    /// <summary>A step of gradient descent on the cross-entropy of a model.</summary>
    /// <param name="loss">The loss: a mean over the tokens of a batch (<see cref="Training.CrossEntropy{P,C}"/>).</param>
    /// <param name="parts">The number of parts: a power of two that divides the number of rows, and that the number of ranks
    /// divides.</param>
    /// <param name="ranks">The processes; each takes an equal share of the parts.</param>
    /// <param name="threads">The maximum number of threads of this process.</param>
    /// <exception cref="ArgumentException">The numbers do not divide.</exception>
    public static TrainStep<P> Step<P>(TrainLoss<P> loss, int parts, IRanks ranks, int threads)
    {
        if (parts < 1 || (parts & (parts - 1)) != 0 || parts % ranks.Count != 0)
            throw new ArgumentException($"PartedTraining: {ranks.Count} ranks do not divide {parts} parts, or these are no power of two.");
        var own = parts / ranks.Count;
        var (workers, sums) = (new PartThreads(own, threads), new float[own][]);
        IEngine[] engines = [.. Enumerable.Range(0, own).Select(_ => ManagedEngine.Create(Math.Max(1, threads / own)))];
        foreach (var (engine, part) in engines.Select((engine, i) => ((IPartialRows)engine, i)))
            engine.SumOverParts = values => workers.Sum(part, ranks, values);
        return (state, batch, key) =>
        {
            var rows = new Rows(batch, parts);
            float[][] buffers = [];
            workers.Run(i =>
            {
                var part = (ranks.Rank * own) + i;
                using var region = Region.Root.Open();
                var p = Tree.Map(state.Params, tensor => Copy(tensor, engines[i], region));
                var (value, updated, grads) = Gradients.ValueAndGrad(p, p =>
                {
                    var (mean, updated) = loss(p, rows.Part(part, engines[i], region), key.At(part));
                    return (mean * rows.Share(part), updated);
                });
                Flatten([.. Tree.Tensors(grads), value], ref sums[i]);
                if (i == 0)
                    buffers = [.. Tree.Leaves(updated).Where(leaf => leaf.IsBuffer).Select(leaf => leaf.Value.ToArray())];
            });
            PartSums.Add(sums);
            PartSums.Add(ranks, sums[0]);
            return Next(state, sums[0], buffers);
        };
    }

    /// <summary>The result of a step from the sums: the gradients, then the loss.</summary>
    private static StepResult<P> Next<P>(TrainState<P> state, float[] sums, float[][] buffers)
    {
        var (tensors, start, buffer) = (Tree.Tensors(state.Params), 0, 0);
        var (engine, region) = (tensors[0].Engine, tensors[0].Region);
        var grads = Tree.Map(state.Params, tensor => Take(tensor.Shape));
        var updated = Tree.Rebuild(
            state.Params,
            [
                .. Tree.Leaves(state.Params).Select(leaf =>
                    leaf.IsBuffer ? Owned(engine.FromFloats(buffers[buffer++], leaf.Value.Shape), region) : leaf.Value),
            ]);
        var (updates, optimizer) = state.Update(grads);
        return new(state.Next(Training.Apply(state.Params, updates, updated), optimizer), Take([]), grads);

        Tensor Take(Shape shape)
        {
            start += shape.Size;
            return Owned(engine.FromFloats(sums.AsSpan(start - shape.Size, shape.Size), shape), region);
        }
    }

    /// <summary>Writes the elements of tensors to an array, which is made at the first step.</summary>
    private static void Flatten(Tensor[] tensors, ref float[] elements)
    {
        elements ??= new float[tensors.Sum(tensor => tensor.Shape.Size)];
        var (all, start) = (elements, 0);
        foreach (var tensor in tensors)
            tensor.Read(values =>
            {
                values.CopyTo(all.AsSpan(start));
                start += values.Length;
            });
    }

    private static Tensor Copy(Tensor tensor, IEngine engine, Region region)
    {
        Tensor copy = tensor;
        tensor.Read(values => copy = Owned(engine.FromFloats(values, tensor.Shape), region));
        return copy;
    }

    private static Tensor Owned(Raw raw, Region region)
    {
        region.Own(raw.Storage);
        return new(raw, region);
    }

    /// <summary>The rows of a batch in equal parts.</summary>
    private sealed class Rows(Batch batch, int parts)
    {
        private readonly int[] _x = batch.X.ToInts(), _y = batch.Y.ToInts();
        private readonly Shape _shape = batch.X.Shape[0] % parts == 0
            ? [batch.X.Shape[0] / parts, batch.X.Shape[1]]
            : throw new ArgumentException($"PartedTraining: {batch.X.Shape[0]} rows do not divide into {parts} parts.");

        /// <summary>A part, as wide as the whole batch.</summary>
        public Batch Part(int part, IEngine engine, Region region) =>
            new(Owned(engine.FromInts(Of(_x, part), _shape), region), Owned(engine.FromInts(Of(_y, part), _shape), region));

        /// <summary>The share of a part in the tokens of the batch.</summary>
        public float Share(int part) => (float)Live(Of(_y, part)) / Math.Max(1, Live(_y));

        private ReadOnlySpan<int> Of(int[] values, int part) => values.AsSpan(part * _shape.Size, _shape.Size);

        private static int Live(ReadOnlySpan<int> targets) => targets.Length - targets.Count(-1);
    }
}
