using Makemore.Tests.Scripts;

namespace Makemore.Tests;

/// <summary>Every primitive on each engine, compared with a simpler engine.</summary>
public sealed class PrimitiveConformanceTests
{
    public static TheoryData<string> Names => [.. PrimitiveRow.All.Keys];

    [Theory, OnEngine(Engines.Managed, nameof(Names)), OnEngine(Engines.Torch, nameof(Names))]
    public void Law7_Primitive_ForwardAndPullback_AgreesWithTheReference(string engine, string name)
    {
        var row = PrimitiveRow.All[name];
        var (here, there) = (Results(row, TestedEngine.Of(engine)), Results(row, TestedEngine.ReferenceOf(engine)));
        Assert.Equal(there.Count, here.Count);
        for (var i = 0; i < here.Count; i++)
        {
            Assert.Equal(there[i].Shape, here[i].Shape);
            Difference.Assert(i == 0 ? "value" : $"gradient {i - 1}", here[i].ToArray(), there[i].ToArray(), TestedEngine.LawSeven);
        }
    }

    /// <summary>The primitive's value, then the gradient with respect to each operand.</summary>
    private static List<Tensor> Results(PrimitiveRow row, IEngine engine)
    {
        var operands = row.Operands(engine);
        return [row.Run(operands), .. Gradients.ValueAndGrad(operands, row.Weighted).Grads];
    }
}
