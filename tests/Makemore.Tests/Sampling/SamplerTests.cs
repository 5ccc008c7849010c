using static Makemore.Primitives;

namespace Makemore.Tests;

/// <summary>Sampling with all kinds of caches while words finish: each word is the same as when sampled alone.</summary>
public sealed class SamplerTests
{
    private static readonly Names.Table Table = Names.Bigram(smoothing: 1).Table;

    private static int V => Names.Corpus.Vocabulary.Size;

    [Fact]
    public void Words_OfACacheWithARowForEach_KeepTheirRowsAndLeaveTheBatch()
    {
        var sizes = new List<int>();
        AssertSameAlone<Past>(
            batch => new(Tensor.Of(new int[2 * batch], [batch, 2]), Tensor.Zeros([batch, 1, V])),
            (past, ids) =>
            {
                sizes.Add(ids.Shape[0]);
                var logits = Gather(Table.Logits, ids) + Gather(Table.Logits, past.Tokens.At(1, 1)) + past.Faded.At(1, 0);
                var faded = (past.Faded + Gather(Table.Logits, ids).Reshape([-1, 1, V])) * 0.2f;
                return (logits, new(Concat(1, past.Tokens.Slice(1, 1, 1), ids.Reshape([-1, 1])), faded));
            });
        Assert.Contains(200, sizes);
        Assert.Contains(sizes, size => size is > 1 and < 20);
    }

    [Fact]
    public void Words_OfACacheThatIsPassedOn_AreTheSameAlone() => AssertSameAlone<Tensor>(
        batch => Tensor.Ones([batch, 1]), (ones, ids) => (Gather(Table.Logits, ids) * ones, ones));

    [Fact]
    public void Words_OfACacheWithoutRows_StayInTheBatch() => AssertSameAlone<Tensor>(
        _ => Tensor.Ones([1]), (ones, ids) => (Gather(Table.Logits, ids) * ones, ones));

    [Theory]
    [InlineData(2), InlineData(200)]
    public void Words_OfACacheWithLayersFirst_StayInTheBatch(int count) => AssertSameAlone<Tensor>(
        batch => Tensor.Zeros([2, batch, V]),
        (layers, ids) =>
        {
            var logits = Gather(Table.Logits, ids) + layers.At(0, 0);
            return (logits, Stack(0, layers.At(0, 1), Gather(Table.Logits, ids) * 0.2f));
        },
        count);

    private static void AssertSameAlone<C>(Func<int, C> start, Func<C, Tensor, (Tensor, C)> step, int count = 200)
    {
        var model = Model.FromStep<Names.Table, C>(
            "table", Names.Corpus.BlockSize, _ => Table, (_, batch) => start(batch), (_, cache, ids) => step(cache, ids));
        Assert.Equal(Words(batchSize: 1), Words(batchSize: 256));

        IEnumerable<string> Words(int batchSize) =>
            Sampler.Words(model, Table, Key.FromSeed(8), count, new(MaxLength: 40), batchSize: batchSize)
                .Select(word => $"{string.Join(' ', word.Tokens)} {word.IsFinished}").ToArray();
    }

    private sealed record Past(Tensor Tokens, Tensor Faded);
}
