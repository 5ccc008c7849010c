using FsCheck;
using FsCheck.Fluent;

namespace Makemore.Tests;

/// <summary>The managed engine against the naive one, and against itself at other widths and numbers of threads.</summary>
public sealed class OperationTests
{
    private static readonly IEngine[] Widths =
    [
        new ManagedEngine<V1>(1), new ManagedEngine<V4>(1), new ManagedEngine<V8>(1), new ManagedEngine<V16>(1),
    ];

    private static readonly IEngine[] Threads =
    [
        new ManagedEngine<V16>(1), new ManagedEngine<V16>(2), new ManagedEngine<V16>(3), new ManagedEngine<V4>(3),
    ];

    public static TheoryData<string> Names => [.. Operations.All.Select(operation => operation.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Operation_OnRandomShapes_AgreesWithItsNaiveTwin(string name) =>
        Prop.ForAll(Shapes.Any, drawn => AssertTwin(Operations.Named(name), drawn.Shape, drawn.Key))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Theory, MemberData(nameof(Names))]
    public void Operation_AtEveryVectorWidth_GivesTheSameBits(string name) =>
        Prop.ForAll(Shapes.Any, drawn => AssertSameBits(Widths, Operations.Named(name), drawn.Shape, drawn.Key))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Theory, MemberData(nameof(Names))]
    public void Operation_OnAnyNumberOfThreads_GivesTheSameBits(string name)
    {
        foreach (Shape shape in (Shape[])[[430_000], [6, 299, 241], [11, 39_001], [39_001, 11]])
            AssertSameBits(Threads, Operations.Named(name), shape, Key.FromSeed(7));
    }

    [Theory, MemberData(nameof(Names))]
    public void Operation_OnNothing_AgreesWithItsNaiveTwin(string name)
    {
        // Of no classes there is none to be a target.
        var hasClasses = name.StartsWith("TokenLoss", StringComparison.Ordinal);
        foreach (Shape shape in (Shape[])[[0, 3], [0], [3, 0], [2, 0, 5], [0, 0]])
            if (!hasClasses || shape[^1] > 0)
                AssertTwin(Operations.Named(name), shape, Key.FromSeed(3));
    }

    private static void AssertTwin(Operation operation, Shape shape, Key key)
    {
        var expected = operation.Run(new(new NaiveEngine(), key), shape);
        var actual = operation.Run(new(ManagedEngine.Default, key), shape);
        foreach (var (twin, result) in expected.Zip(actual))
        {
            Assert.Equal(twin.Shape, result.Shape);
            Assert.Equal(twin.Type, result.Type);
            if (twin.Type == ElementType.Int32)
                Assert.Equal(Fingerprint.Bits(twin), Fingerprint.Bits(result));
            else
                AssertClose(Floats(twin), Floats(result), operation.Tolerance);
        }
    }

    private static void AssertClose(float[] expected, float[] actual, double tolerance)
    {
        var largest = expected.Where(float.IsFinite).Select(Math.Abs).Append(1).Max();
        for (var i = 0; i < expected.Length; i++)
            Assert.True(
                expected[i].Equals(actual[i]) || Math.Abs(expected[i] - actual[i]) <= tolerance * largest,
                $"element {i}: {actual[i]:R}, and not {expected[i]:R}");
    }

    private static void AssertSameBits(IEngine[] engines, Operation operation, Shape shape, Key key)
    {
        var expected = operation.Run(new(engines[0], key), shape);
        foreach (var engine in engines[1..])
            foreach (var (one, other) in expected.Zip(operation.Run(new(engine, key), shape)))
                Assert.True(Fingerprint.Bits(one).AsSpan().SequenceEqual(Fingerprint.Bits(other)), $"{shape} {engine.GetType()}");
    }

    private static float[] Floats(Raw x)
    {
        var values = new float[x.Shape.Size];
        x.Storage.Engine.Read(x, values);
        return values;
    }
}
