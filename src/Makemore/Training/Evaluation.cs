namespace Makemore;

/// <summary>An evaluation during training, in nats per token.</summary>
/// <param name="Step">The number of steps taken.</param>
/// <param name="Train">The loss on some training words.</param>
/// <param name="Held">The loss on the held-out words.</param>
/// <param name="StandardError">The standard error of the held-out loss over words.</param>
public sealed record Evaluation(long Step, double Train, double Held, double StandardError)
{
    // Of a text, that many batches of windows are evaluated in each piece.
    private const int TrainWords = 1000, TextBatches = 32;

    /// <summary>Evaluates parameters on the first training words and on the held-out words of a corpus, or on the beginnings of the
    /// pieces of a text.</summary>
    /// <param name="model">The model.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="corpus">The words.</param>
    /// <param name="step">The number of steps taken.</param>
    /// <param name="cancellation">Stops the evaluation.</param>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public static Evaluation Of<P, C>(
        Model<P, C> model, P p, Corpus corpus, long step, CancellationToken cancellation = default)
    {
        var held = Loss(corpus.Held, corpus.IsText ? TextBatches : int.MaxValue);
        // A document has many windows, so the number of batches is limited too.
        var train = Loss(corpus.Train.Take(TrainWords), (TrainWords / ModelEvaluation.WordsInABatch) + 1);
        return new(step, train.Nats, held.Nats, held.StandardError);

        LossSummary Loss(IEncodedWords words, int batches)
        {
            var first = corpus.Batches(words, ModelEvaluation.WordsInABatch, Model.EngineOf(p)).InOrder(cancellation).Take(batches);
            return corpus.IsText ? Losses.EvaluateText(model, p, first, corpus.Vocabulary) : Losses.Evaluate(model, p, first);
        }
    }
}
