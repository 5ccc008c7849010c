namespace Makemore;

/// <summary>The results of one pass of a model over some words: the loss of every token, and the calibration.</summary>
/// <param name="Words">The losses of each word, in order.</param>
/// <param name="Calibration">The calibration of all V probabilities at every position; the event is that its token is the
/// target.</param>
/// <param name="TopCalibration">The calibration of the maximum probability at every position, as in Guo et al. 2017.</param>
public sealed record TokenLosses(IReadOnlyList<WordLoss> Words, Calibration Calibration, Calibration TopCalibration)
{
    /// <summary>One pass over batches of words. The losses stay in memory, 8 bytes per token; take a subset of a set that is too
    /// large.</summary>
    /// <param name="model">The model; only its Forward is used.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="batches">The words.</param>
    /// <param name="bins">The number of bins of the calibrations.</param>
    public static TokenLosses Of<P, C>(
        Model<P, C> model, P p, IEnumerable<Batch> batches, int bins = Calibration.DefaultBins)
    {
        var words = new List<WordLoss>();
        var (all, top) = (new CalibrationCounter(bins), new CalibrationCounter(bins));
        foreach (var batch in batches.SelectMany(whole => whole.Parts()))
        {
            var targets = batch.Y.ToInts();
            var losses = Losses.Read(model, p, batch, (loss, logits) =>
            {
                Primitives.Softmax(logits).Read(probabilities => Count(targets, probabilities, all, top));
                return loss.ToArray();
            });
            words.AddRange(Losses.ByWord(targets, losses, batch.Y.Shape[1]));
        }
        return new(words, all.ToCalibration(), top.ToCalibration());
    }

    /// <summary>The nats and the number of tokens of each word.</summary>
    public IReadOnlyList<(double Nats, int Tokens)> ByWord => [.. Words.Select(word => (word.Total, word.Tokens))];

    /// <summary>The loss.</summary>
    public LossSummary Summary => LossSummary.Of(ByWord);

    /// <summary>The loss per byte of the words in UTF-8, the end of each included as one byte: it does not depend on what the tokens
    /// are.</summary>
    public LossSummary PerByte(Vocabulary vocabulary) =>
        LossSummary.Of(Words.Select(word => (word.Total, word.Targets.Sum(vocabulary.ByteCount))));

    private static void Count(int[] targets, ReadOnlySpan<float> probabilities, CalibrationCounter all, CalibrationCounter top)
    {
        var classes = probabilities.Length / Math.Max(1, targets.Length);
        for (var t = 0; t < targets.Length; t++)
        {
            if (targets[t] < 0)
                continue;
            var row = probabilities.Slice(t * classes, classes);
            var best = 0;
            for (var token = 0; token < classes; token++)
            {
                all.Add(row[token], token == targets[t]);
                best = row[token] > row[best] ? token : best;
            }
            top.Add(row[best], best == targets[t]);
        }
    }
}
