namespace Makemore.Tests;

/// <summary>Sample quality, worked out by hand and on a table of counts with known samples.</summary>
public sealed class SampleSummaryTests
{
    [Fact]
    public void Summary_OfAFewWords_CountsThem()
    {
        var reference = SampleReference.Of(Letters.Encoded("ann", "bob", "ann"), Letters.Encoded("ann", "cleo", "dora"));
        var summary = SampleSummary.Of(
            [.. Letters.Samples("ann", "ann", "cleo", "cleo", "xy"), new([1, 2, 3], false)], reference, Key.FromSeed(1));
        Assert.Equal((6, 5 / 6.0), (summary.Count, summary.Finished));
        Assert.Equal((3 / 5.0, 2 / 3.0, 2 / 5.0), (summary.Unique, summary.Novel, summary.InTrain));
        Assert.Equal((2 / 5.0, 1, 2), (summary.HeldHits, summary.HeldFound, summary.HeldUnseen));
        Assert.Equal((16 / 5.0, 3.0), (summary.Lengths.Mean, summary.TrainLengths.Mean));
        // One of five is one letter shorter than the training words, two are one letter longer.
        Assert.Equal(0.6, summary.LengthDistance, 1e-12);
        Assert.Equal([2, 0, 0, 3], summary.Nearest.Counts);
        // ann ann cleo cleo xy abc: 19 letters and five stops; a b c e l n o x y and the stop are distinct.
        Assert.Equal(10 / 24.0, summary.DistinctNGrams[0], 1e-12);
    }

    [Fact]
    public void Summary_OfCutSamplesOnly_HasNoWords()
    {
        var reference = SampleReference.Of(Letters.Encoded("a"), Letters.Encoded("b"));
        var summary = SampleSummary.Of([new([], false)], reference, Key.FromSeed(1));
        Assert.Equal((0, double.NaN), (summary.Finished, summary.Unique));
        Assert.Empty(summary.Divergences);
    }

    [Fact]
    public void Samples_OfTheCountedBigramOfTheNames_AreAsExpected()
    {
        var corpus = Names.Corpus;
        var (bigram, table) = Names.Bigram(smoothing: 0.5f);
        var samples = Sampler.Words(bigram, table, Key.FromSeed(3), 10_000, new(MaxLength: 100)).ToArray();
        var summary = SampleSummary.Of(samples, SampleReference.Of(corpus.Train, corpus.Test), Key.FromSeed(4));
        // Within about four standard errors of 10,000 samples.
        Assert.Equal(1, summary.Finished);
        Assert.InRange(summary.Unique, 0.67, 0.71);
        Assert.InRange(summary.Novel, 0.90, 0.94);
        Assert.InRange(summary.InTrain, 0.095, 0.125);
        Assert.InRange(summary.Lengths.Mean, 5.9, 6.3);
        var bigrams = summary.Divergences[1];
        Assert.InRange(bigrams.Bits, 0.001, 0.003);
        Assert.InRange(bigrams.OverFloor, 0.6, 1.6);
        Assert.True(summary.Divergences[2].OverFloor > 5);
    }
}
