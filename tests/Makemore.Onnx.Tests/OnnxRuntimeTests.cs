using Makemore.Tests.Script;
using Makemore.Tests.Scripts;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Onnx;
using static Makemore.Primitives;

namespace Makemore.Tests.Onnx;

/// <summary>ONNX Runtime computes from a model's file what the model computes.</summary>
public sealed class OnnxRuntimeTests : IDisposable
{
    private static readonly string[][] WordLists = [["emma"], ["maximilianoalex"], ["ava", "zoe", "olivia"], ["a", "isabellasofiaab", "mia"]];

    private const int Length = 5, Channels = 6, Tokens = 9;

    // A function of x (B, T, C) and ids (B, T) for every operation of graphs: the recorded graph has the operation.
    private static readonly Dictionary<GraphOperation, Func<Tensor, Tensor, Tensor>> Operations = new()
    {
        [GraphOperation.Add] = (x, _) => x + x.Slice(1, 0, 1),
        [GraphOperation.Subtract] = (x, _) => x - x.Slice(2, 0, 1),
        [GraphOperation.Multiply] = (x, _) => x * x,
        [GraphOperation.Divide] = (x, _) => x / (Abs(x) + 1),
        [GraphOperation.Equal] = (x, _) => Equal(x, Relu(x)),
        [GraphOperation.Greater] = (x, _) => Greater(x, x.Slice(2, 1, 1)),
        [GraphOperation.Remainder] = (x, _) => 5 * x % (Abs(x) + 0.5),
        [GraphOperation.Minimum] = (x, _) => Minimum(x, x.Slice(2, 0, 1)),
        [GraphOperation.Maximum] = (x, _) => Maximum(x, x.Slice(2, 0, 1)),
        [GraphOperation.Integers] = (x, ids) => x * Wide(
            (((ids + 3) * 7 / 2) - (ids % 4) + Minimum(ids, 3) + Maximum(ids, 5) - (-ids / 2) + (-ids % 3)).To(ElementType.Float32)
            + Equal(ids, 2) + Greater(ids, 4)),
        [GraphOperation.Where] = (x, ids) => Where(Wide(IsAtLeast(ids, 4)), x, x * x),
        [GraphOperation.Affine] = (x, _) => Affine(x, 3, -1),
        [GraphOperation.Exp] = (x, _) => Exp(x),
        [GraphOperation.Log] = (x, _) => Log(Abs(x) + 0.1),
        [GraphOperation.Tanh] = (x, _) => Tanh(x),
        [GraphOperation.Sigmoid] = (x, _) => Sigmoid(x),
        [GraphOperation.Relu] = (x, _) => Relu(x),
        [GraphOperation.Gelu] = (x, _) => Gelu(x),
        [GraphOperation.Softplus] = (x, _) => Softplus(10 * x),
        [GraphOperation.Sqrt] = (x, _) => Sqrt(Abs(x)),
        [GraphOperation.Power] = (x, _) => Power(Abs(x), 1.5f),
        [GraphOperation.Abs] = (x, _) => Abs(x),
        [GraphOperation.Sign] = (x, _) => Sign(x),
        [GraphOperation.Sin] = (x, _) => Sin(x),
        [GraphOperation.Cos] = (x, _) => Cos(x),
        [GraphOperation.Erf] = (x, _) => Erf(x),
        [GraphOperation.IsAtLeast] = (x, ids) => x * Wide(IsAtLeast(ids, 3)),
        [GraphOperation.Convert] = (x, _) => (7 * x).To(ElementType.Int32).To(ElementType.Float32),
        [GraphOperation.Sum] = (x, _) => x + Sum(x, 1, keepDimension: true) + Sum(x, 0, keepDimension: true),
        [GraphOperation.Max] = (x, _) => x + Max(x, 2, keepDimension: true) + Max(x, 0, keepDimension: true),
        [GraphOperation.CumulativeSum] = (x, _) => CumulativeSum(x, 2) + Tensor.Constant(x.Engine.CumulativeSum(x.Raw, 1, true)),
        [GraphOperation.CumulativeMax] = (x, _) => CumulativeMax(x, 1) + CumulativeMax(x, 2),
        [GraphOperation.Softmax] = (x, _) => Softmax(x),
        [GraphOperation.LogSoftmax] = (x, _) => LogSoftmax(x),
        [GraphOperation.MaskFuture] = (x, _) => Softmax(MaskFuture(x)),
        [GraphOperation.MatMul] = (x, _) => MatMul(
            MatMul(x, x, transposeB: true), x.Reshape([-1, Channels]).Slice(0, 0, Length)) + MatMul(x, MatMul(x, x, transposeA: true)),
        [GraphOperation.Permute] = (x, _) => Exp(x.Permute([2, 0, 1])).Permute([1, 2, 0]),
        [GraphOperation.Slice] = (x, _) => Concat(2, x.Slice(2, 3, 3), x.Slice(2, 0, 2)),
        [GraphOperation.Unslice] = (x, _) => Tensor.Constant(x.Engine.Unslice(x.Raw, 2, 3, Channels + 5)),
        [GraphOperation.Concat] = (x, _) => Concat(1, x, x, Concat(0, x, x).Slice(0, 0, x.Shape[0])),
        [GraphOperation.BroadcastTo] = (x, _) => Concat(
            2, BroadcastTo(x.Slice(1, 0, 1), x.Shape), BroadcastTo(Tensor.Ones([1, 1, 2]).To(x.Engine), x.Shape.With(2, 2))),
        [GraphOperation.Gather] = (x, ids) => x + Gather(Tensor.Range(0, 9).To(ElementType.Float32).Reshape([9, 1]).To(x.Engine), ids),
        [GraphOperation.ScatterAdd] = (x, ids) => x
            .IndexAdd(1, Tensor.Of([0, 2, 2], [3]).To(x.Engine), x.Slice(1, 1, 3)).Take(1, Tensor.Range(Length, x.Engine)).Flip(1),
        [GraphOperation.ArgSort] = (x, _) => ArgSort(x, 2, descending: true).To(ElementType.Float32) + ArgSort(x, 1).To(ElementType.Float32),
        [GraphOperation.GatherAlong] = (x, _) => x.GatherAlong(2, ArgSort(x, 2)),
        [GraphOperation.ScatterAddAlong] = (x, _) => x.ScatterAddAlong(2, ArgSort(x, 2).Slice(2, 0, 2), x.Slice(2, 1, 2)),
    };

    private static readonly string Documented = File.ReadAllText(Path.Combine(HostProcess.Repository, "src/Makemore/Onnx/README.md"));

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Scripts => [.. ScriptFile.Trainable];

    public static TheoryData<GraphOperation> AllOperations => [.. Enum.GetValues<GraphOperation>()];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Logits_OfAScriptsModel_AreTheEngines(string script) => ScriptModel.Of(script).Check(new HasTheSameLogits(_folder));

    [Theory]
    [MemberData(nameof(AllOperations))]
    public void Operation_OfGraphs_GivesWhatTheEngineGives(GraphOperation operation)
    {
        var model = Model.FromForward(
            "model", Length, _ => new Table(new(Tensor.Normal(Key.FromSeed(4), [Tokens, Channels]))),
            (p, ids) => Operations[operation](p.Wte.Forward(ids), ids));
        var p = model.Init(default);
        Assert.Contains(
            operation, Graph.Of(model, p, Length).Value().Nodes.OfType<GraphNode.Computed>().Select(node => node.Operation));
        var ids = Tensor.Of(Enumerable.Range(0, 3 * Length).Select(i => i * i % Tokens).ToArray(), [3, Length]);
        AssertSameLogits(_folder, model, p, [ids, ids.Slice(0, 0, 1)]);
        Assert.Contains($"| `{operation}` |", Documented);
        Assert.All(
            ModelProto.Parser.ParseFrom(File.ReadAllBytes(_folder["model.onnx"])).Graph.Node,
            node => Assert.Contains($"`{node.OpType}`", Documented));
    }

    private static void AssertSameLogits<P, C>(TemporaryFolder folder, Model<P, C> model, P p, IEnumerable<Tensor> inputs)
    {
        OnnxFile.Write(folder["model.onnx"], model, p, []).Value();
        using var session = new InferenceSession(folder["model.onnx"]);
        Assert.Equal(["batch", ""], session.InputMetadata["ids"].SymbolicDimensions);
        foreach (var ids in inputs)
        {
            var tokens = new DenseTensor<long>(Array.ConvertAll(ids.ToInts(), id => (long)id), ids.Shape.Sizes);
            using var outputs = session.Run([NamedOnnxValue.CreateFromTensor("ids", tokens)]);
            var (actual, expected) = (outputs.Single().AsTensor<float>().ToDenseTensor(), model.Forward(p, ids));
            Assert.Equal(expected.Shape.Sizes, actual.Dimensions);
            Difference.Assert($"logits {expected.Shape}", actual.Buffer.Span, expected.ToArray(), 1e-5);
        }
    }

    private static Tensor Wide(Tensor x) => x.Reshape([.. x.Shape, 1]);

    private sealed record Table(Embedding Wte);

    private sealed class HasTheSameLogits(TemporaryFolder folder) : IModelCheck
    {
        public void Check<P, C>(Model<P, C> model, P p)
            where P : class => AssertSameLogits(
                folder, model, p, WordLists.Select(words => Padded(NameBatches.Batch(Model.EngineOf(p), words).X, model.BlockSize)));

        /// <summary>Tokens followed by stops, up to the block size.</summary>
        private static Tensor Padded(Tensor ids, int length) => ids.Pad(1, 0, length - ids.Shape[1], Vocabulary.Stop);
    }
}
