using FsCheck;
using FsCheck.Fluent;

namespace Makemore.Tests;

/// <summary>Every raw operation of every engine compared with the naive engine.</summary>
public sealed class OperationConformanceTests
{
    public static TheoryData<string> Names => [.. Operations.All.Select(operation => operation.Name)];

    [Theory, OnEngine(Engines.Managed, nameof(Names)), OnEngine(Engines.Torch, nameof(Names))]
    public void Operation_OnRandomShapes_AgreesWithTheNaiveEngine(string engine, string name) =>
        Prop.ForAll(Shapes.Any, drawn => AssertAgrees(engine, Operations.Named(name), drawn.Shape, drawn.Key))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Theory, OnEngine(Engines.Managed, nameof(Names)), OnEngine(Engines.Torch, nameof(Names))]
    public void Operation_OnEmptyShapes_AgreesWithTheNaiveEngine(string engine, string name)
    {
        // A target needs at least one class.
        var hasClasses = name.StartsWith("TokenLoss", StringComparison.Ordinal);
        foreach (Shape shape in (Shape[])[[0, 3], [0], [3, 0], [2, 0, 5], [0, 0]])
            if (!hasClasses || shape[^1] > 0)
                AssertAgrees(engine, Operations.Named(name), shape, Key.FromSeed(3));
    }

    [Theory, OnEngine(Engines.Managed, nameof(Names)), OnEngine(Engines.Torch, nameof(Names))]
    public void Operation_OnManyRows_AgreesWithTheNaiveEngine(string engine, string name)
    {
        foreach (Shape shape in (Shape[])[[127, 3], [128, 19], [389, 5], [2, 130, 7]])
            AssertAgrees(engine, Operations.Named(name), shape, Key.FromSeed(4));
    }

    /// <summary>Sums are accumulated in place, in buffers that only one tensor may refer to: a result never shares its operand's
    /// buffer.</summary>
    [Theory, OnEngine(Engines.Managed), OnEngine(Engines.Torch)]
    public void Result_AccumulatedInPlace_LeavesItsOperandUnchanged(string engine)
    {
        var e = TestedEngine.Of(engine);
        var x = e.FromFloats(Key.FromSeed(1).Normals(6), [2, 3]);
        var before = Floats(x);
        Raw[] results =
        [
            e.Slice(x, 0, 0, 2), e.Permute(x, [0, 1], [2, 3]), e.BroadcastTo(x, [2, 3]), e.Concat([x], 0, [2, 3]),
            e.Affine(x, 1, 0), e.MaskFuture(x, 0), e.Unslice(x, 0, 0, 2), e.Relu(x),
        ];
        foreach (var result in results)
            e.Accumulate(result, e.Full(1, [2, 3]));
        Assert.Equal(before, Floats(x));
    }

    [Theory, OnEngine(Engines.Managed), OnEngine(Engines.Torch)]
    public void Gather_OfAnIdOutOfRange_ThrowsAndNamesIt(string engine)
    {
        var e = TestedEngine.Of(engine);
        var (table, ids) = (e.Full(1, [3, 2]), e.FromInts([0, 3, 1], [3]));
        var fault = Assert.Throws<ArgumentOutOfRangeException>(() => e.Gather(table, ids));
        Assert.StartsWith("Gather: id 3 is not in 0 … 2.", fault.Message);
        Assert.Equal([1, 1], Floats(e.Gather(table, e.Slice(ids, 0, 2, 1))));
        fault = Assert.Throws<ArgumentOutOfRangeException>(() => e.TokenLoss(e.Full(0, [3, 3]), ids));
        Assert.StartsWith("TokenLoss: target 3 is not in -1 … 2.", fault.Message);
    }

    // Blocks of rows without a target, and single ones among others, with any logits.
    [Fact]
    public void TokenLoss_OfRowsWithoutTarget_IsZeroForAnyLogits()
    {
        const int Rows = 100, Classes = 27;
        var targets = Enumerable.Range(0, Rows).Select(row => row < 40 || row % 3 == 0 ? -1 : row % Classes).ToArray();
        var logits = Key.FromSeed(5).Normals(Rows * Classes);
        for (var row = 0; row < Rows; row++)
            if (targets[row] < 0)
                logits[(row * Classes) + (row % Classes)] = row % 2 == 0 ? float.NaN : float.PositiveInfinity;
        var (expected, actual) = (Run(new NaiveEngine()), Run(TestedEngine.Of(Engines.Managed)));
        AssertClose(expected.Losses, actual.Losses, 1e-6);
        AssertClose(expected.Slopes, actual.Slopes, 1e-6);
        Assert.All(targets.Index().Where(target => target.Item < 0), target => Assert.Equal(0, actual.Losses[target.Index]));

        (float[] Losses, float[] Slopes) Run(IEngine e)
        {
            var (x, y) = (e.FromFloats(logits, [Rows, Classes]), e.FromInts(targets, [Rows]));
            var losses = e.TokenLoss(x, y);
            return (Floats(losses), Floats(e.TokenLossPullback(e.Full(1, [Rows]), x, y, losses)));
        }
    }

    private static void AssertAgrees(string engine, Operation operation, Shape shape, Key key)
    {
        var expected = operation.Run(new(new NaiveEngine(), key), shape);
        var actual = operation.Run(new(TestedEngine.Of(engine), key), shape);
        foreach (var (reference, result) in expected.Zip(actual))
        {
            Assert.Equal(reference.Shape, result.Shape);
            Assert.Equal(reference.Type, result.Type);
            if (reference.Type == ElementType.Int32)
                Assert.Equal(Fingerprint.Bits(reference), Fingerprint.Bits(result));
            else
                AssertClose(Floats(reference), Floats(result), TestedEngine.Within(engine, operation.Tolerance));
        }
    }

    private static void AssertClose(float[] expected, float[] actual, double tolerance)
    {
        var largest = expected.Where(float.IsFinite).Select(Math.Abs).Append(1).Max();
        for (var i = 0; i < expected.Length; i++)
            Assert.True(
                expected[i].Equals(actual[i]) || Math.Abs(expected[i] - actual[i]) <= tolerance * largest,
                $"element {i}: {actual[i]:R}, expected {expected[i]:R}");
    }

    private static float[] Floats(Raw x)
    {
        var values = new float[x.Shape.Size];
        x.Storage.Engine.Read(x, values);
        return values;
    }
}
