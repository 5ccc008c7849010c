using static Makemore.Primitives;

namespace Makemore.Tests;

/// <summary>Models as ONNX files; ONNX Runtime reads them in a test project of its own.</summary>
public sealed class OnnxFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // Forward passes of x (B, T, C) that cannot be written for every number of sequences.
    private static readonly (string Reason, Func<Tensor, Tensor> Forward)[] Unwritable =
    [
        ("computes with the number of sequences", x => x / x.Shape[0]),
        ("computes with the number of sequences", x => x + Sum(Exp(Tensor.Ones([8 - x.Shape[0]], x.Engine)))),
        (
            "computes with the number of sequences",
            x => x * Tensor.Of([.. Enumerable.Range(1, x.Shape[0]).Select(i => 1f / i)], [x.Shape[0], 1, 1], x.Engine)),
        (
            "has sizes that are not proportional to the number of sequences",
            x => x + Sum(Tensor.Range(x.Shape[0] * x.Shape[0], x.Engine).To(ElementType.Float32))),
        ("has other operations for another number of sequences", x => x.Shape[0] > 2 ? Exp(x) : x),
        ("goes along the sequences of a batch", x => CumulativeMax(x, 0)),
    ];

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, Unwritable.Length)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Rows))]
    public void Model_ThatIsNotTheSameForEverySequence_IsAFaultAndNoFile(int row)
    {
        var (reason, forward) = Unwritable[row];
        var model = Model.FromForward(
            "model", 4, key => new Table(Embedding.Init(key, 9, 3)), (p, ids) => forward(p.Wte.Forward(ids)));
        Assert.Equal(
            $"model cannot be written as a graph: its forward pass {reason}",
            OnnxFile.Write(_folder["model.onnx"], model, model.Init(default), []).Message());
        Assert.Empty(_folder.Names());
    }

    private sealed record Table(Embedding Wte);
}
