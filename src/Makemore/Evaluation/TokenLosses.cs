namespace Makemore;

/// <summary>What one pass of a model over some words tells: the loss of every token, and how well its probabilities are
/// calibrated.</summary>
/// <param name="Words">The losses of each word, in the order of the words.</param>
/// <param name="Calibration">Of all V probabilities of every token: a hit is the one of the token that came.</param>
/// <param name="TopCalibration">Of the greatest probability of every token alone, as in Guo et al. 2017.</param>
public sealed record TokenLosses(IReadOnlyList<WordLoss> Words, Calibration Calibration, Calibration TopCalibration)
{
    /// <summary>One pass over batches of words. The losses are kept, 8 bytes a token; of a set that is too large for that,
    /// take some words.</summary>
    /// <param name="model">The model; only its Forward is used.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="batches">The words.</param>
    /// <param name="bins">How many bins the calibrations have.</param>
    public static TokenLosses Of<P, C>(
        Model<P, C> model, P p, IEnumerable<Batch> batches, int bins = Calibration.DefaultBins)
    {
        var words = new List<WordLoss>();
        var (all, top) = (new CalibrationTally(bins), new CalibrationTally(bins));
        foreach (var batch in batches)
        {
            var targets = batch.Y.ToInts();
            var losses = Losses.Read(model, p, batch, (loss, logits) =>
            {
                Primitives.Softmax(logits).Read(probabilities => Tally(targets, probabilities, all, top));
                return loss.ToArray();
            });
            words.AddRange(Losses.ByWord(targets, losses, batch.Y.Shape[1]));
        }
        return new(words, all.ToCalibration(), top.ToCalibration());
    }

    /// <summary>The sum of nats and the number of tokens of each word.</summary>
    public IReadOnlyList<(double Nats, int Tokens)> ByWord => [.. Words.Select(word => (word.Total, word.Tokens))];

    /// <summary>The loss, with its standard error by bootstrap over words.</summary>
    public LossSummary Summary(Key key) => LossSummary.Of(ByWord, key);

    private static void Tally(int[] targets, ReadOnlySpan<float> probabilities, CalibrationTally all, CalibrationTally top)
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
