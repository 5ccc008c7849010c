namespace Makemore;

/// <summary>The difference between the losses of two models on the same words, and whether it is statistically significant: a
/// paired permutation test. If neither model is better, exchanging the two on any word is as likely as not; p is the share of all
/// such exchanges with at least as large a difference. Words that are hard for both models cancel out.</summary>
/// <remarks>
/// Fisher: "The design of experiments", 1935, section 21; Riezler, Maxwell: "On some pitfalls in automatic evaluation and
/// significance testing for MT", 2005, prefer it to the bootstrap. All exchanges are tried if there are at most
/// <see cref="Exchanges"/>, otherwise that many random ones, which count themselves: Phipson, Smyth: "Permutation p-values should
/// never be zero", 2010, equation 2. Equal words are exchanged together, because both models give them the same losses again.
/// </remarks>
/// <param name="Nats">The first model's loss minus the second's, in nats per token; negative if the first is better. Infinite or NaN
/// if one of the losses is.</param>
/// <param name="StandardError">The standard error of the difference over words (<see cref="LossSummary"/>).</param>
/// <param name="P">The two-sided p-value; null if there are fewer than <see cref="MinWords"/> distinct words, or if the difference
/// is not finite.</param>
public sealed record PairedTest(double Nats, double StandardError, double? P)
{
    /// <summary>The maximum number of exchanges that are tried.</summary>
    public const int Exchanges = 10_000;

    /// <summary>The minimum number of distinct words: with n words no p-value is below 2¹⁻ⁿ, and with five that is above the 5%
    /// level.</summary>
    public const int MinWords = 6;

    private const double Level = 0.05, Rounding = 1e-12;
    private const int WordBits = 64;

    /// <summary>Whether the difference is significant at the 5% level.</summary>
    public bool IsSignificant => P < Level;

    /// <summary>Compares two models by the nats and the number of tokens of each word; a pure function of the key.</summary>
    /// <param name="first">The losses of the first model.</param>
    /// <param name="second">The losses of the second model.</param>
    /// <param name="words">The words.</param>
    /// <param name="key">The randomness.</param>
    /// <exception cref="ArgumentException">The models were evaluated on different words.</exception>
    public static PairedTest Of(
        IReadOnlyList<(double Nats, int Tokens)> first, IReadOnlyList<(double Nats, int Tokens)> second, IReadOnlyList<string> words,
        Key key)
    {
        if (first.Count != words.Count || !first.Select(word => word.Tokens).SequenceEqual(second.Select(word => word.Tokens)))
            throw new ArgumentException("PairedTest: the two models were not evaluated on the same words.");
        var loss = LossSummary.Of(first.Zip(second, (a, b) => (a.Nats - b.Nats, a.Tokens)));
        double[] differences =
        [
            .. words.Select((word, i) => (Word: word, Nats: first[i].Nats - second[i].Nats))
                .GroupBy(pair => pair.Word, pair => pair.Nats).Select(equal => equal.Sum()),
        ];
        return new(
            loss.Nats, loss.StandardError,
            differences.Length < MinWords || !double.IsFinite(loss.Nats) ? null
            : differences.Length < WordBits && 1L << differences.Length is <= Exchanges and var all ? ExactP(differences, all)
            : RandomP(differences, key));
    }

    private static double ExactP(double[] differences, long all)
    {
        var found = 0L;
        for (var exchange = 0L; exchange < all; exchange++)
            found += IsAsLarge(differences, [(ulong)exchange]) ? 1 : 0;
        return (double)found / all;
    }

    private static double RandomP(double[] differences, Key key)
    {
        ulong[] bits = new ulong[(differences.Length + WordBits - 1) / WordBits], indices = [.. bits.Select((_, i) => (ulong)i)];
        var found = 1;
        for (var exchange = 0; exchange < Exchanges; exchange++)
        {
            key.At(exchange).Bits(indices, bits);
            found += IsAsLarge(differences, bits) ? 1 : 0;
        }
        return found / (Exchanges + 1.0);
    }

    /// <summary>Whether the difference is as large as the observed one, up to rounding, when the models are exchanged where a bit
    /// is 1.</summary>
    private static bool IsAsLarge(double[] differences, ReadOnlySpan<ulong> exchanged)
    {
        var (observed, sum, size) = (0.0, 0.0, 0.0);
        for (var i = 0; i < differences.Length; i++)
        {
            observed += differences[i];
            sum += (exchanged[i / WordBits] >> (i % WordBits) & 1) == 0 ? differences[i] : -differences[i];
            size += Math.Abs(differences[i]);
        }
        return Math.Abs(sum) >= Math.Abs(observed) - (Rounding * size);
    }
}
