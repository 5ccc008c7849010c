namespace Makemore;

/// <summary>A token of a word, and what the model predicted in its place.</summary>
/// <param name="Token">The token; 0 is the end.</param>
/// <param name="Probability">Its probability.</param>
/// <param name="Likeliest">The most likely tokens with their probabilities, in decreasing order.</param>
public sealed record ExplainedToken(
    int Token, float Probability, IReadOnlyList<(int Token, float Probability)> Likeliest)
{
    /// <summary>Explains each token of a sample, and the stop if it is finished. The probabilities are the model's at temperature
    /// 1, whatever temperature the sample was drawn at.</summary>
    /// <param name="model">The model; only its Start and Step are used.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="sample">The word.</param>
    /// <param name="count">The number of most likely tokens.</param>
    public static IEnumerable<ExplainedToken> Of<P, C>(Model<P, C> model, P p, Sample sample, int count = 5)
    {
        int[] tokens = sample.IsFinished ? [.. sample.Tokens, Vocabulary.Stop] : [.. sample.Tokens];
        return Sampler.Stream(model, p, tokens.Prepend(Vocabulary.Stop).Take(tokens.Length))
            .Zip(tokens, (logits, token) =>
                Explain(Primitives.Softmax(Tensor.Of(logits, [logits.Length])).ToArray(), token, count));
    }

    private static ExplainedToken Explain(float[] probabilities, int token, int count) => new(
        token, probabilities[token],
        [
            .. probabilities.Select((probability, other) => (Token: other, Probability: probability))
                .OrderByDescending(pair => pair.Probability).Take(count),
        ]);
}
