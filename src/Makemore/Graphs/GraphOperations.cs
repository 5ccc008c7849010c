namespace Makemore;

/// <summary>What the operations of a graph compute.</summary>
internal static class GraphOperations
{
    /// <summary>The result of a node on an engine, from its operands: the engine's own operation.</summary>
    public static Raw Apply(IEngine engine, GraphNode.Computed node, Raw[] of)
    {
        var (shape, numbers) = (node.Shape, node.Attributes);
        return node.Operation switch
        {
            GraphOperation.Add => engine.Add(of[0], of[1], shape),
            GraphOperation.Subtract => engine.Subtract(of[0], of[1], shape),
            GraphOperation.Multiply => engine.Multiply(of[0], of[1], shape),
            GraphOperation.Divide => engine.Divide(of[0], of[1], shape),
            GraphOperation.Equal => engine.Equal(of[0], of[1], shape),
            GraphOperation.Greater => engine.Greater(of[0], of[1], shape),
            GraphOperation.Remainder => engine.Remainder(of[0], of[1], shape),
            GraphOperation.Minimum => engine.Minimum(of[0], of[1], shape),
            GraphOperation.Maximum => engine.Maximum(of[0], of[1], shape),
            GraphOperation.Integers => engine.Integers((IntegerOperation)numbers[0], of[0], of[1], shape),
            GraphOperation.Where => engine.Where(of[0], of[1], of[2]),
            GraphOperation.Affine => engine.Affine(of[0], (float)numbers[0], (float)numbers[1]),
            GraphOperation.Exp => engine.Exp(of[0]),
            GraphOperation.Log => engine.Log(of[0]),
            GraphOperation.Tanh => engine.Tanh(of[0]),
            GraphOperation.Sigmoid => engine.Sigmoid(of[0]),
            GraphOperation.Relu => engine.Relu(of[0]),
            GraphOperation.Gelu => engine.Gelu(of[0]),
            GraphOperation.Softplus => engine.Softplus(of[0]),
            GraphOperation.Sqrt => engine.Sqrt(of[0]),
            GraphOperation.Power => engine.Power(of[0], (float)numbers[0]),
            GraphOperation.Abs => engine.Abs(of[0]),
            GraphOperation.Sign => engine.Sign(of[0]),
            GraphOperation.Sin => engine.Sin(of[0]),
            GraphOperation.Cos => engine.Cos(of[0]),
            GraphOperation.Erf => engine.Erf(of[0]),
            GraphOperation.IsAtLeast => engine.IsAtLeast(of[0], Integer(0)),
            GraphOperation.Convert => engine.Convert(of[0], (ElementType)numbers[0]),
            GraphOperation.Sum => engine.Sum(of[0], Integer(0)),
            GraphOperation.Max => engine.Max(of[0], Integer(0)),
            GraphOperation.CumulativeSum => engine.CumulativeSum(of[0], Integer(0), Flag(1)),
            GraphOperation.CumulativeMax => engine.CumulativeMax(of[0], Integer(0)),
            GraphOperation.Softmax => engine.Softmax(of[0]),
            GraphOperation.LogSoftmax => engine.LogSoftmax(of[0]),
            GraphOperation.MaskFuture => engine.MaskFuture(of[0], (float)numbers[0]),
            GraphOperation.MatMul => engine.MatMul(of[0], of[1], Flag(0), Flag(1), shape),
            GraphOperation.Permute => engine.Permute(of[0], [.. numbers.Select(axis => (int)axis)], shape),
            GraphOperation.Slice => engine.Slice(of[0], Integer(0), Integer(1), Integer(2)),
            GraphOperation.Unslice => engine.Unslice(of[0], Integer(0), Integer(1), Integer(2)),
            GraphOperation.Concat => engine.Concat(of, Integer(0), shape),
            GraphOperation.BroadcastTo => engine.BroadcastTo(of[0], shape),
            GraphOperation.Gather => engine.Gather(of[0], of[1]),
            GraphOperation.ScatterAdd => engine.ScatterAdd(of[0], of[1], Integer(0)),
            GraphOperation.ArgSort => engine.ArgSort(of[0], Integer(0), Flag(1)),
            GraphOperation.GatherAlong => engine.GatherAlong(of[0], of[1], Integer(0)),
            GraphOperation.ScatterAddAlong => engine.ScatterAddAlong(of[0], of[1], Integer(0), Integer(1)),
            _ => throw new ArgumentOutOfRangeException(nameof(node), node.Operation, "is not an operation"),
        };

        int Integer(int i) => (int)numbers[i];

        bool Flag(int i) => numbers[i] != 0;
    }
}
