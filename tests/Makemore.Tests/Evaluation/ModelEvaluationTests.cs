namespace Makemore.Tests;

/// <summary>The whole evaluation of a model.</summary>
public sealed class ModelEvaluationTests
{
    [Fact]
    public void Evaluation_OfTheCountedBigram_IsConsistent()
    {
        var (bigram, table) = Names.Bigram(smoothing: 0.5f);
        var samples = Sampler.Words(bigram, table, Key.FromSeed(1), 500, new()).ToArray();
        var evaluation = ModelEvaluation.Of(bigram, table, Names.Corpus, samples, Key.FromSeed(2));
        Assert.Equal(2.462, evaluation.Test.Nats, 0.002);
        Assert.InRange(evaluation.Test.StandardError, 0.009, 0.013);
        Assert.Equal(evaluation.Test.Nats - evaluation.Train.Nats, evaluation.Gap.Nats, 1e-12);
        Assert.Null(evaluation.Validation);
        // A table of frequencies is calibrated; the error is from counting 7152 tokens.
        Assert.InRange(evaluation.Calibration.Error, 0, 0.003);
        Assert.All(
            [evaluation.Breakdown.ByPosition, evaluation.Breakdown.ByTarget, evaluation.Breakdown.ByLength],
            groups => Assert.Equal(
                evaluation.Test.Nats, groups.Sum(group => group.Loss.Nats * group.Loss.Tokens) / evaluation.Test.Tokens, 1e-9));
        Assert.False(evaluation.Memorization!.IsFlagged);
        Assert.Null(ModelEvaluation.Of(bigram, table, Names.Corpus, [], Key.FromSeed(2)).Samples);
        Assert.Null(ModelEvaluation.Of(bigram, table, Names.Corpus, null, Key.FromSeed(2)).Samples);
    }
}
