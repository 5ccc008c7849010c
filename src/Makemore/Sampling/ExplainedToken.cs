namespace Makemore;

/// <summary>One token of a word, and what the model thought would come there.</summary>
/// <param name="Token">The token that came; 0 is the end.</param>
/// <param name="Probability">The probability that the model gave it.</param>
/// <param name="Likeliest">The likeliest tokens there with their probabilities, likeliest first.</param>
public sealed record ExplainedToken(
    int Token, float Probability, IReadOnlyList<(int Token, float Probability)> Likeliest)
{
    /// <summary>Explains each token of a sample, and its end where it is finished. The probabilities are the model's own,
    /// whatever temperature the sample was drawn at.</summary>
    /// <param name="model">The model; only its Start and Step are used.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="sample">The word.</param>
    /// <param name="most">How many of the likeliest tokens are told.</param>
    public static IEnumerable<ExplainedToken> Of<P, C>(Model<P, C> model, P p, Sample sample, int most = 5)
    {
        int[] tokens = sample.IsFinished ? [.. sample.Tokens, Vocabulary.Stop] : [.. sample.Tokens];
        return Sampler.Stream(model, p, tokens.Prepend(Vocabulary.Stop).Take(tokens.Length))
            .Zip(tokens, (logits, token) => Explain(Primitives.Softmax(Tensor.Of(logits, [logits.Length])).ToArray(), token, most));
    }

    private static ExplainedToken Explain(float[] probabilities, int token, int most) => new(
        token, probabilities[token],
        [.. probabilities.Select((probability, other) => (other, probability)).OrderByDescending(pair => pair.probability).Take(most)]);
}
