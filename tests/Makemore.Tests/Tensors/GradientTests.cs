namespace Makemore.Tests;

/// <summary>The gradient of every primitive, in each operand, on each engine.</summary>
public sealed class GradientTests
{
    public static TheoryData<string> Names => [.. PrimitiveRow.All.Keys];

    [Theory, OnEngine(Engines.Managed, nameof(Names)), OnEngine(Engines.Torch, nameof(Names))]
    public void Law2_Gradient_OfAPrimitive_IsItsFiniteDifference(string engine, string name)
    {
        var row = PrimitiveRow.All[name];
        var operands = row.Operands(TestedEngine.Of(engine));
        var rows = GradientCheck.Run(operands, row.Weighted, Key.FromSeed(9), perLeaf: 1000);
        Assert.Equal(operands.Length, rows.Count);
        Assert.All(rows, found => Assert.True(found.Error < 2e-3, $"{found}"));
        Assert.Contains(rows, found => found.Largest > 1e-3);
    }

    [Theory]
    [InlineData(-1e8f), InlineData(-1e4f), InlineData(-100f), InlineData(float.NegativeInfinity)]
    public void TokenLoss_OfAVeryUnlikelyTarget_HasTheGradientOfTheSoftmax(float logit)
    {
        var (_, slopes) = Gradients.ValueAndGrad(
            Tensor.Of([0f, 0, logit], [1, 3]), x => Primitives.Sum(Primitives.TokenLoss(x, Tensor.Of([2], [1]))));
        Assert.Equal([0.5f, 0.5f, -1], slopes.ToArray());
    }
}
