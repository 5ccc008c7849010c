using System.Runtime.InteropServices;

namespace Makemore;

/// <summary>Training on batches that are divided into parts: into as many whatever the number of processes, so that one process and
/// several end with the same bits.</summary>
/// <remarks>The gradient of a batch is the sum of those of its parts, in a fixed tree (<see cref="PartSums"/>). Normalization takes the
/// statistics of the whole batch, and so does everything that follows the gradient, such as clipping. Parts have different random
/// numbers for dropout, by their number. Buffers are those of the first part; <see cref="BatchNorm"/>'s are the same in all.</remarks>
public static class PartedTraining
{
    /// <summary>A step of gradient descent on a loss, for parameters on the managed engine.</summary>
    /// <param name="loss">The loss: a mean over the tokens of a batch (<see cref="Training.CrossEntropy{P,C}"/>). The parts' are
    /// weighted by their shares of the tokens.</param>
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
            var (rows, buffers) = (new Rows(batch, parts), Array.Empty<float>());
            workers.Run(i =>
            {
                var part = (ranks.Rank * own) + i;
                using var region = Region.Root.Open();
                var p = Tree.Map(state.Params, tensor => Owned(((IPartialRows)engines[i]).Borrow(tensor.Raw), region));
                var (value, updated, grads) = Gradients.ValueAndGrad(p, p =>
                {
                    var (mean, updated) = loss(p, rows.Part(part, engines[i], region), key.At(part));
                    return (mean * rows.Share(part), updated);
                });
                Flatten([.. Tree.Tensors(grads), value], ref sums[i]);
                if (i == 0)
                    buffers = [.. Tree.Leaves(updated).Where(leaf => leaf.IsBuffer).SelectMany(leaf => leaf.Value.ToArray())];
            });
            PartSums.Add(sums);
            PartSums.Add(ranks, sums[0]);
            return Next(state, sums[0], OfFirst(ranks, buffers));
        };
    }

    /// <summary>The buffers that rank 0 has.</summary>
    private static float[] OfFirst(IRanks ranks, float[] buffers) => ranks.Count == 1 || buffers.Length == 0
        ? buffers
        : MemoryMarshal.Cast<byte, float>(ranks.All(MemoryMarshal.AsBytes(buffers.AsSpan()).ToArray())[0]).ToArray();

    /// <summary>The result of a step from the sums: the gradients, then the loss.</summary>
    private static StepResult<P> Next<P>(TrainState<P> state, float[] sums, float[] buffers)
    {
        var (tensors, start, buffer) = (Tree.Tensors(state.Params), 0, 0);
        var (engine, region) = (tensors[0].Engine, tensors[0].Region);
        var grads = Tree.Map(state.Params, tensor => Take(sums, ref start, tensor.Shape));
        var updated = Tree.Rebuild(
            state.Params,
            [.. Tree.Leaves(state.Params).Select(leaf => leaf.IsBuffer ? Take(buffers, ref buffer, leaf.Value.Shape) : leaf.Value)]);
        var (updates, optimizer) = state.Update(grads);
        return new(state.Next(Training.Apply(state.Params, updates, updated), optimizer), Take(sums, ref start, []), grads);

        Tensor Take(float[] values, ref int from, Shape shape)
        {
            from += shape.Size;
            return Owned(engine.FromFloats(values.AsSpan(from - shape.Size, shape.Size), shape), region);
        }
    }

    /// <summary>Writes the elements of tensors to an array, which is made at the first step.</summary>
    private static void Flatten(Tensor[] tensors, ref float[] elements)
    {
        elements ??= new float[tensors.Sum(tensor => tensor.Shape.Size)];
        var start = 0;
        foreach (var tensor in tensors)
        {
            tensor.Engine.Read(tensor.Raw, elements.AsSpan(start, tensor.Shape.Size));
            start += tensor.Shape.Size;
        }
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
