using Makemore.Tests.Scripts;

namespace Makemore.Tests;

/// <summary>Forward passes as graphs.</summary>
public sealed class GraphTests
{
    public static TheoryData<string> Scripts => [.. ScriptFile.Trainable];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Graph_OfAScriptsModel_GivesItsLogits(string script) => ScriptModel.Of(script).Check(new GivesTheLogits());

    [Fact]
    public void Graph_OfAModelThatComputesElsewhere_SaysSo() => ScriptModel.Of("ngram").Check(new HasNoGraph());

    [Fact]
    public void Graph_OfAModelOnTwoEngines_SaysSo()
    {
        var model = Model.FromForward<Embedding>(
            "toy", 4, key => Embedding.Init(key, 3, 3), (p, ids) => p.Forward(ids) + Tensor.Zeros([3]));
        Assert.StartsWith(
            "toy cannot be written as a graph: Add: the operands are on two engines, recording and managed; ",
            Graph.Of(model, model.Init(Key.FromSeed(1)), 4).Message());
    }

    private sealed class GivesTheLogits : IModelCheck
    {
        public void Check<P, C>(Model<P, C> model, P p)
            where P : class
        {
            var ids = NameBatches.Batch(Model.EngineOf(p), "emma", "maximilianoalex").X;
            var graph = Graph.Of(model, p, ids.Shape[1], ids.Shape[0]).Value();
            // Fused operations are recorded as what they consist of.
            Difference.Assert("logits", graph.Run(ids).ToArray(), model.Forward(p, ids).ToArray(), 1e-6);
            Assert.All(
                graph.Nodes.OfType<GraphNode.Computed>(),
                node => Assert.Contains(node.Operands, operand => graph.Nodes[operand.Node] is not GraphNode.Constant));
        }
    }

    private sealed class HasNoGraph : IModelCheck
    {
        public void Check<P, C>(Model<P, C> model, P p)
            where P : class => Assert.Equal(
                "ngram cannot be written as a graph: its forward pass reads numbers out of tensors and computes with them elsewhere",
                Graph.Of(model, p, model.BlockSize).Message());
    }
}
