using static Makemore.Primitives;

namespace Makemore.Tests;

/// <summary>What sampling does with memories of all kinds: the words are those of the same table without one.</summary>
public sealed class SamplerTests
{
    private static readonly (Model<Names.Table, Tensor> Model, Names.Table Table) Bigram = Names.Bigram(smoothing: 1);

    [Fact]
    public void Words_OfAMemoryWithARowForEach_LeaveOutWhatIsFinished()
    {
        var sizes = new List<int>();
        AssertSameWords<Tensor>(
            (_, batch) => Tensor.Zeros([batch, 2, 3]),
            (p, memory, ids) =>
            {
                sizes.Add(ids.Shape[0]);
                Assert.Equal([ids.Shape[0], 2, 3], memory.Shape.ToArray());
                return (Gather(p.Logits, ids), memory + 1);
            });
        Assert.Equal(200, sizes[0]);
        Assert.True(sizes[^1] < 20);
    }

    [Fact]
    public void Words_OfAMemoryThatKnowsTheirNumbers_AreLeftToTheirRows() => AssertSameWords<Rows>(
        (_, batch) => new(
            Tensor.Of([.. Enumerable.Range(0, batch)], [batch]), Tensor.Of([.. Enumerable.Range(0, batch).Select(i => (float)i)], [batch])),
        (p, memory, ids) =>
        {
            Assert.Equal(memory.Ids.ToInts(), memory.Values.ToArray().Select(value => (int)value));
            return (Gather(p.Logits, ids), memory);
        });

    [Fact]
    public void Words_OfAMemoryWithoutRows_AreAllSteppedOn() => AssertSameWords<Tensor>(
        (_, _) => Tensor.Zeros([1]),
        (p, steps, ids) =>
        {
            Assert.Equal(200, ids.Shape[0]);
            return (Gather(p.Logits, ids), steps + 1);
        });

    private static void AssertSameWords<C>(Func<Names.Table, int, C> start, Func<Names.Table, C, Tensor, (Tensor, C)> step)
    {
        var model = Model.FromStep("table", Bigram.Model.BlockSize, Bigram.Model.Init, start, step);
        Assert.Equal(Words(Bigram.Model), Words(model));

        static IEnumerable<string> Words<T>(Model<Names.Table, T> model) =>
            Sampler.Words(model, Bigram.Table, Key.FromSeed(8), 200, new(MaxLength: 40))
                .Select(word => $"{string.Join(' ', word.Tokens)} {word.IsFinished}");
    }

    private sealed record Rows(Tensor Ids, Tensor Values);
}
