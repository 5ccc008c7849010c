using System.Collections.Immutable;
using LanguageExt;

namespace Makemore;

/// <summary>A model's forward pass for one shape of tokens, as a list of operations: what another program needs to compute the
/// model. Because no position depends on later tokens, a graph for T tokens gives the logits of every shorter sequence too:
/// what is after it makes no difference.</summary>
/// <param name="Nodes">The nodes; each is computed from those before it.</param>
/// <param name="Output">The logits (B, T, V).</param>
public sealed record Graph(ImmutableArray<GraphNode> Nodes, GraphOperand Output)
{
    /// <summary>Constants computed from constants are computed here, unless that makes them this much larger.</summary>
    private const int MaxGrowth = 1024;

    /// <summary>Records a model's forward pass, without what the logits do not depend on.</summary>
    /// <param name="model">The model.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="length">T, the number of tokens.</param>
    /// <param name="batch">B, the number of sequences.</param>
    /// <returns>The graph, or why the model has none: it computes outside tensors, or on another engine than that of its
    /// operands.</returns>
    public static Either<Fault, Graph> Of<P, C>(Model<P, C> model, P p, int length, int batch = 1) =>
        Of(model, p, length, [batch]).Map(graphs => graphs[0]);

    /// <summary>Records a model's forward pass for several numbers of sequences. The graphs have the same operations, of the same
    /// operands, in the same order; shapes, attributes and constants may differ.</summary>
    /// <returns>A graph for each number, or why the model has none: it computes outside tensors, or something else for another
    /// number of sequences.</returns>
    internal static Either<Fault, ImmutableArray<Graph>> Of<P, C>(Model<P, C> model, P p, int length, int[] batches)
    {
        try
        {
            Graph[] recorded = [.. batches.Select(batch => Record(model, p, length, batch))];
            if (!recorded.All(recorded[0].IsLike))
                throw new InvalidOperationException("its forward pass has other operations for another number of sequences");
            // What is computed here is the same in all graphs, so that they stay alike.
            bool IsFixed(int node) => recorded.All(graph => graph.Nodes[node].Shape == recorded[0].Nodes[node].Shape);
            return recorded.Select(graph => Used(Folded(graph.Nodes, IsFixed), graph.Output)).ToImmutableArray();
        }
        catch (InvalidOperationException e)
        {
            return NoGraph(model.Name, e.Message.TrimEnd('.'));
        }
    }

    /// <summary>The fault of a model without a graph.</summary>
    internal static Fault NoGraph(string model, string reason) => Fault.Of($"{model} cannot be written as a graph: {reason}");

    private static Graph Record<P, C>(Model<P, C> model, P p, int length, int batch)
    {
        var engine = new RecordingEngine();
        using var region = Region.Root.Open();
        var traced = Origins.Trace(Tree.To(p, engine), region);
        foreach (var leaf in Tree.Leaves(traced))
            engine.SetName(leaf.Value.Raw, leaf.Name);
        var ids = Tensor.Constant(engine.Input([batch, length]));
        var logits = model.Forward(traced, ids);
        foreach (var (result, origin) in Origins.Of(region.Tape, Tree.Leaves(traced)))
            engine.SetName(result.Raw, origin.Name);
        return new([.. engine.Nodes], RecordingEngine.Operand(logits.Raw));
    }

    private bool IsLike(Graph other) => Nodes.Length == other.Nodes.Length && Output.Node == other.Output.Node
        && Enumerable.Range(0, Nodes.Length).All(i => (Nodes[i], other.Nodes[i]) switch
        {
            (GraphNode.Computed one, GraphNode.Computed two) => one.Operation == two.Operation && one.Type == two.Type
                && one.Operands.Select(operand => operand.Node).SequenceEqual(two.Operands.Select(operand => operand.Node)),
            var (one, two) => one.GetType() == two.GetType() && one.Type == two.Type,
        });

    /// <summary>The logits of tokens, on their engine.</summary>
    /// <param name="ids">(B, T), as recorded.</param>
    /// <exception cref="ArgumentException">The shape of the tokens is another one.</exception>
    public Tensor Run(Tensor ids)
    {
        var values = new Tensor[Nodes.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = Nodes[i] switch
            {
                GraphNode.Input input => input.Shape == ids.Shape
                    ? ids
                    : throw new ArgumentException($"Graph: was recorded for tokens {input.Shape}, not {ids.Shape}."),
                GraphNode.Constant constant => constant.Value.To(ids.Engine),
                GraphNode.Computed computed => Tensor.Constant(GraphOperations.Apply(
                    ids.Engine, computed, [.. computed.Operands.Select(operand => Read(values, operand))])),
                _ => throw new InvalidOperationException(),
            };
        return values[Output.Node].Reshape(Output.Shape.Sizes);
    }

    private static Raw Read(Tensor[] values, GraphOperand operand) => values[operand.Node].Raw with { Shape = operand.Shape };

    /// <summary>The same nodes, with the values of those that do not depend on the tokens.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="mayFold">Whether a node, by its index, may become a constant or be read by one.</param>
    private static GraphNode[] Folded(ImmutableArray<GraphNode> nodes, Func<int, bool> mayFold)
    {
        var folded = nodes.ToArray();
        for (var i = 0; i < folded.Length; i++)
            if (folded[i] is GraphNode.Computed computed && mayFold(i)
                && computed.Operands.All(operand => folded[operand.Node] is GraphNode.Constant && mayFold(operand.Node))
                && computed.Shape.Size <= computed.Operands.Sum(operand => (long)operand.Shape.Size) + MaxGrowth)
                folded[i] = new GraphNode.Constant(Tensor.Constant(GraphOperations.Apply(
                    ManagedEngine.Default, computed,
                    [
                        .. computed.Operands.Select(operand =>
                            ((GraphNode.Constant)folded[operand.Node]).Value.Raw with { Shape = operand.Shape }),
                    ])));
        return folded;
    }

    /// <summary>The nodes that the output depends on, and the tokens.</summary>
    private static Graph Used(GraphNode[] nodes, GraphOperand output)
    {
        var isUsed = new bool[nodes.Length];
        isUsed[output.Node] = true;
        for (var i = nodes.Length - 1; i >= 0; i--)
            if (isUsed[i] && nodes[i] is GraphNode.Computed computed)
                foreach (var operand in computed.Operands)
                    isUsed[operand.Node] = true;
        var (kept, places) = (ImmutableArray.CreateBuilder<GraphNode>(), new int[nodes.Length]);
        for (var i = 0; i < nodes.Length; i++)
        {
            places[i] = kept.Count;
            if (isUsed[i] || nodes[i] is GraphNode.Input)
                kept.Add(Moved(nodes[i]));
        }
        return new(kept.ToImmutable(), output with { Node = places[output.Node] });

        GraphNode Moved(GraphNode node) => node is GraphNode.Computed computed
            ? computed with { Operands = [.. computed.Operands.Select(operand => operand with { Node = places[operand.Node] })] }
            : node;
    }
}
