using System.Collections.Immutable;

namespace Makemore;

/// <summary>Everything that resuming a run needs: its state, the best parameters so far, and its evaluations.</summary>
/// <param name="State">The last state.</param>
/// <param name="Best">The parameters with the lowest held-out loss at a regular evaluation; null before the first.</param>
/// <param name="History">The regular evaluations.</param>
public sealed record Progress<P>(TrainState<P> State, P? Best, ImmutableArray<Evaluation> History)
    where P : class
{
    /// <summary>The progress of a run before its first step.</summary>
    public static Progress<P> Start(TrainState<P> state) => new(state, null, []);

    /// <summary>The first regular evaluation with the lowest held-out loss; null before the first evaluation.</summary>
    public Evaluation? BestEvaluation => History
        .Where(evaluation => double.IsFinite(evaluation.Held)).MinBy(evaluation => evaluation.Held);

    /// <summary>The number of regular evaluations since the best one.</summary>
    public int EvaluationsSinceBest => BestEvaluation is { } best ? History.Length - 1 - History.IndexOf(best) : 0;

    /// <summary>The progress after a regular evaluation.</summary>
    /// <param name="evaluated">The parameters that were evaluated: the state's, or their running mean.</param>
    /// <param name="evaluation">Their losses.</param>
    public Progress<P> After(P evaluated, Evaluation evaluation)
    {
        var isBest = IsBest(evaluation);
        if (isBest)
            State.Keep();
        return this with { Best = isBest ? evaluated : Best, History = History.Add(evaluation) };
    }

    /// <summary>The best parameters, given that the last ones may be better than those of all regular evaluations.</summary>
    public P BestOf(P last, Evaluation evaluation) => Best is null || IsBest(evaluation) ? last : Best;

    private bool IsBest(Evaluation evaluation) => evaluation.Held < (BestEvaluation?.Held ?? double.PositiveInfinity);
}
