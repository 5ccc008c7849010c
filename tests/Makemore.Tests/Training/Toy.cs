using static Makemore.Primitives;

namespace Makemore.Tests;

/// <summary>The parameters of the toy model: a matrix, a vector, and a buffer that no optimizer may change.</summary>
internal sealed record ToyParams(Tensor Table, Tensor Bias, [Buffer] Tensor Seen);

/// <summary>A bigram model with a buffer, and with noise from the key in training.</summary>
internal static class Toy
{
    private const int V = 5;

    public static readonly Model<ToyParams, Tensor> Model =
        new("toy", 4, Init, Forward, Train, (_, _) => null!, (_, _, _) => default);

    /// <summary>The model without noise, so that a step takes no memory outside its region.</summary>
    public static readonly Model<ToyParams, Tensor> Quiet =
        Model with { Train = (p, batch, _) => Updated(p, Forward(p, batch.X)) };

    public static ToyParams Init(Key key) =>
        new(Tensor.Of(key.Normals(V * V), [V, V]), Tensor.Zeros([V]), Tensor.Ones([V]));

    /// <summary>A batch of two words of three tokens, a pure function of the step.</summary>
    public static Batch Batch(long step)
    {
        var key = Key.FromSeed(7).At(step);
        var ids = Enumerable.Range(0, 8).Select(i => (int)key.Below(V, i)).ToArray();
        return new(Tensor.Of([.. ids[..3], .. ids[4..7]], [2, 3]), Tensor.Of([.. ids[1..4], .. ids[5..]], [2, 3]));
    }

    public static TrainState<ToyParams> Start(Transform optimizer) =>
        TrainState<ToyParams>.Start(Init(Key.FromSeed(1)), optimizer);

    /// <summary>The states of a run, the start included.</summary>
    public static IEnumerable<TrainState<ToyParams>> Scan(TrainState<ToyParams> start) =>
        Results(start).Select(result => result.State).Prepend(start);

    /// <summary>The results of the steps of a run.</summary>
    public static IEnumerable<StepResult<ToyParams>> Results(TrainState<ToyParams> start) =>
        Training.Scan(Training.Step(Training.CrossEntropy(Model)), start, Batch, Key.FromSeed(3));

    /// <summary>All bits of a state: parameters, optimizer state and step.</summary>
    public static int[] Bits(this TrainState<ToyParams> state) =>
    [
        .. Descent.Bits(Tree.Tensors(state.Params).Concat(state.OptimizerState.SelectMany(entry => entry))),
        (int)state.Step,
    ];

    /// <summary>The buffer after a batch.</summary>
    public static Tensor Update(Tensor seen, Tensor logits) => (seen * 0.5f) + Mean(Mean(logits.Detach(), 0), 0);

    private static Tensor Forward(ToyParams p, Tensor ids) => Gather(p.Table, ids) + p.Bias;

    private static (Tensor, ToyParams) Train(ToyParams p, Batch batch, Key key) =>
        Updated(p, Forward(p, batch.X) + Tensor.Of(key.Normals(V), [V]));

    private static (Tensor, ToyParams) Updated(ToyParams p, Tensor logits) =>
        (logits, p with { Seen = Update(p.Seen, logits) });
}
