namespace Makemore.Tests;

public sealed class CrossEntropyTests
{
    private const int V = 3;

    private static readonly Model<Bigram, Tensor> Model = Makemore.Model.FromWindow(
        "bigram", 501, 1, blank: 0, key => new Bigram(Tensor.Of(key.Normals(V * V), [V, V])),
        (p, window) => Primitives.Gather(p.Table, window.At(-1, 0)));

    private sealed record Bigram(Tensor Table);

    [Theory]
    [InlineData(0)]
    [InlineData(0.25f)]
    public void Loss_OfABatchInParts_IsThatOfTheWhole(float smoothing)
    {
        var words = Words.Of([.. Enumerable.Repeat("ab", 20), new string('a', 500), .. Enumerable.Repeat("ba", 20)]);
        var encoded = EncodedWords.Of(Vocabulary.Of(words), words).Value();
        var batch = new Batches(encoded, BlockSize: 501, BatchSize: 64).InOrder().Single();
        Assert.True(batch.Parts().Count > 1);
        var (p, loss) = (Model.Init(Key.FromSeed(1)), Training.CrossEntropy(Model, smoothing));
        var parts = Gradients.ValueAndGrad(p, q => loss(q, batch, Key.FromSeed(2)));
        var whole = Gradients.ValueAndGrad(p, q => Primitives.CrossEntropy(Model.Forward(q, batch.X), batch.Y, smoothing));
        Assert.Equal(whole.Loss.Item(), parts.Loss.Item(), 1e-5f);
        Assert.All(whole.Grads.Table.ToArray().Zip(parts.Grads.Table.ToArray()), pair => Assert.Equal(pair.Item1, pair.Item2, 1e-5f));
    }
}
