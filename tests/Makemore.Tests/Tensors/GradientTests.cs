namespace Makemore.Tests;

/// <summary>Law 2 for every primitive: its gradient is its finite difference, in each operand, on each engine.</summary>
public sealed class GradientTests
{
    public static TheoryData<string> Names => [.. PrimitiveRow.All.Keys];

    [Theory, OnEngine(Engines.Managed, nameof(Names)), OnEngine(Engines.Torch, nameof(Names))]
    public void Primitive_Gradient_IsItsFiniteDifference(string engine, string name)
    {
        var row = PrimitiveRow.All[name];
        var operands = row.Operands(TestedEngine.Of(engine));
        var rows = GradientCheck.Run(operands, row.Weighted, Key.FromSeed(9), perLeaf: 1000);
        Assert.Equal(operands.Length, rows.Count);
        Assert.All(rows, found => Assert.True(found.Error < 2e-3, $"{found}"));
        Assert.Contains(rows, found => found.Largest > 1e-3);
    }
}
