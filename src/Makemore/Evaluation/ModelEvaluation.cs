namespace Makemore;

/// <summary>The evaluation of a model: its losses, their breakdown, calibration, and the quality of its samples.</summary>
/// <param name="Train">The loss on training words: as many as there are test words, but at least <see cref="MinTrainWords"/> if
/// available.</param>
/// <param name="Validation">The loss on the validation words; null if there are none.</param>
/// <param name="Test">The loss on the test words.</param>
/// <param name="Unseen">The loss on the test words that are not training words as well; none where all or none of them are, or
/// where they are documents.</param>
/// <param name="Gap">The test loss less the training loss.</param>
/// <param name="Breakdown">Where the test loss comes from.</param>
/// <param name="Calibration">The calibration of all probabilities on the test words.</param>
/// <param name="TopCalibration">The calibration of the maximum probability of each token of the test words.</param>
/// <param name="Samples">The quality of the samples; null without samples.</param>
/// <param name="Memorization">Whether the model has memorized its words; null without samples.</param>
public sealed record ModelEvaluation(
    LossSummary Train, LossSummary? Validation, LossSummary Test, UnseenLoss? Unseen, LossGap Gap, LossBreakdown Breakdown,
    Calibration Calibration, Calibration TopCalibration, SampleSummary? Samples, Memorization? Memorization)
{
    /// <summary>The loss on the test words per byte (<see cref="TokenLosses.PerByte"/>), which is comparable over vocabularies.</summary>
    public LossSummary? TestPerByte { get; init; }

    /// <summary>The minimum number of training words for the training loss, if available.</summary>
    public const int MinTrainWords = 1000;

    /// <summary>The maximum number of words that are evaluated in each part; the first ones of its random order.</summary>
    public const int MaxWords = 100_000;

    /// <summary>The batch size: small enough that activations stay in the processor's cache.</summary>
    public const int WordsInABatch = 64;

    /// <summary>Evaluates a model on the parts of a corpus; a pure function of the key, which draws the noise
    /// floors of the samples.</summary>
    /// <param name="model">The model.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="corpus">The training words and the held-out words.</param>
    /// <param name="samples">Samples of the model; null for none. If lazy, they are drawn while the reference is prepared.</param>
    /// <param name="key">The randomness.</param>
    /// <param name="cancellation">Stops the evaluation.</param>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public static ModelEvaluation Of<P, C>(
        Model<P, C> model, P p, Corpus corpus, IEnumerable<Sample>? samples, Key key, CancellationToken cancellation = default)
    {
        // Only this thread calls the model; other threads do the rest.
        var reference = samples is null ? null : Task.Run(() => SampleReference.Of(corpus.Train, corpus.Test));
        var test = Measure(corpus.Test, MaxWords);
        var breakdown = Task.Run(() => LossBreakdown.Of(test.Words));
        var train = Summary(Measure(corpus.Train, Math.Max(MinTrainWords, test.Words.Count)));
        var validation = corpus.Validation.Count > 0 ? Summary(Measure(corpus.Validation, MaxWords)) : null;
        cancellation.ThrowIfCancellationRequested();
        var drawn = samples?.ToArray() ?? [];
        var gap = LossGap.Of(train, Summary(test));
        var summary = drawn.Length > 0 ? SampleSummary.Of(drawn, Result(reference!), key.At(3)) : null;
        return new(
            train, validation, Summary(test), Unseen(test), gap, Result(breakdown), test.Calibration, test.TopCalibration,
            summary, summary is null ? null : Makemore.Memorization.Of(summary, gap))
        {
            TestPerByte = corpus.IsText ? TextBlock.PerByte(test.Words, corpus.Vocabulary) : test.PerByte(corpus.Vocabulary),
        };

        LossSummary Summary(TokenLosses losses) =>
            corpus.IsText ? TextBlock.PerToken(losses.Words, corpus.Vocabulary) : losses.Summary;

        static T Result<T>(Task<T> task) => task.GetAwaiter().GetResult();

        UnseenLoss? Unseen(TokenLosses losses)
        {
            WordLoss[] unseen = corpus.Windows ? [] : [.. losses.Words.Where((_, i) => corpus.IsUnseen(i))];
            return unseen.Length == 0 || unseen.Length == losses.Words.Count ? null : new(
                unseen.Length, LossSummary.Of(unseen.Select(word => (word.Total, word.Tokens))));
        }

        // A document has many windows, so batches are counted too.
        TokenLosses Measure(IEncodedWords words, int max) => TokenLosses.Of(
            model, p,
            corpus.Batches(words.Take(max), WordsInABatch, Model.EngineOf(p)).InOrder(cancellation).Take((max / WordsInABatch) + 1));
    }
}

/// <summary>The loss on test words that are not training words as well.</summary>
/// <param name="Words">How many there are.</param>
/// <param name="Loss">The loss on them.</param>
public sealed record UnseenLoss(long Words, LossSummary Loss);
