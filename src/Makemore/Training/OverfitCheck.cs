namespace Makemore;

/// <summary>Whether a model can memorize one word, which any correct model can.</summary>
/// <param name="Word">The word's tokens.</param>
/// <param name="Loss">The cross-entropy on it at the end, in nats per token.</param>
/// <param name="Steps">The number of steps taken.</param>
public sealed record OverfitCheck(IReadOnlyList<int> Word, double Loss, long Steps)
{
    private const int MaxSteps = 2000, MaxWordsTried = 10_000, MaxCandidates = 100;
    private const double MaxLoss = 0.05;

    /// <summary>Whether the loss is nearly 0.</summary>
    public bool IsSound => Loss < MaxLoss;

    /// <summary>Trains a model on one training word until its loss is nearly 0 or not finite, or the steps run out.</summary>
    /// <param name="step">One training step.</param>
    /// <param name="start">The initial state.</param>
    /// <param name="loss">The cross-entropy of a step's batch.</param>
    /// <param name="corpus">The words.</param>
    /// <param name="key">The randomness of the steps.</param>
    public static OverfitCheck Of<P>(
        TrainStep<P> step, TrainState<P> start, Func<StepResult<P>, Batch, double> loss, Corpus corpus, Key key)
    {
        var (word, engine) = (Choose(corpus), Model.EngineOf(start.Params));
        var batch = new Batch(
            Tensor.Of([Vocabulary.Stop, .. word], [1, word.Length + 1], engine),
            Tensor.Of([.. word, Vocabulary.Stop], [1, word.Length + 1], engine));
        return Training.Scan(step, start, _ => batch, key)
            .Select(result => new OverfitCheck(word, loss(result, batch), result.State.Step))
            .First(check => check.IsSound || !double.IsFinite(check.Loss) || check.Steps == MaxSteps);
    }

    /// <summary>A word without repeated characters, so that even a model that sees only one character can predict the
    /// next.</summary>
    private static int[] Choose(Corpus corpus) => Enumerable.Range(0, (int)Math.Min(MaxWordsTried, corpus.Train.Count))
        .Select(i => Piece(corpus, corpus.Train.Beginning(i, corpus.BlockSize)))
        .Where(tokens => tokens.Distinct().Count() == tokens.Length)
        .Take(MaxCandidates).MaxBy(tokens => tokens.Length) ?? Piece(corpus, corpus.Train.Beginning(0, corpus.BlockSize));

    /// <summary>A word, or the beginning of a document up to the first repeated character or the end of a window.</summary>
    private static int[] Piece(Corpus corpus, ReadOnlySpan<int> tokens)
    {
        var length = 0;
        while (length < Math.Min(tokens.Length, corpus.BlockSize - 1)
               && (!corpus.Windows || !tokens[..length].Contains(tokens[length])))
            length++;
        return tokens[..length].ToArray();
    }
}
