using FsCheck;
using FsCheck.Fluent;

namespace Makemore.Tests;

/// <summary>The managed engine compared with itself at other vector widths and thread counts.</summary>
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
    public void Operation_AtEveryVectorWidth_GivesTheSameBits(string name) =>
        Prop.ForAll(Shapes.Any, drawn => AssertSameBits(Widths, Operations.Named(name), drawn.Shape, drawn.Key))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Theory, MemberData(nameof(Names))]
    public void Operation_OnManyRows_GivesTheSameBitsAtEveryVectorWidth(string name)
    {
        foreach (Shape shape in (Shape[])[[127, 3], [128, 19], [389, 5]])
            AssertSameBits(Widths, Operations.Named(name), shape, Key.FromSeed(8));
    }

    [Theory, MemberData(nameof(Names))]
    public void Operation_AtEveryThreadCount_GivesTheSameBits(string name)
    {
        foreach (Shape shape in (Shape[])[[430_000], [6, 299, 241], [11, 39_001], [39_001, 11]])
            AssertSameBits(Threads, Operations.Named(name), shape, Key.FromSeed(7));
    }

    private static void AssertSameBits(IEngine[] engines, Operation operation, Shape shape, Key key)
    {
        var expected = operation.Run(new(engines[0], key), shape);
        foreach (var engine in engines[1..])
            foreach (var (one, other) in expected.Zip(operation.Run(new(engine, key), shape)))
                Assert.True(Fingerprint.Bits(one).AsSpan().SequenceEqual(Fingerprint.Bits(other)), $"{shape} {engine.GetType()}");
    }
}
