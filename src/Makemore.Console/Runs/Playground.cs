using System.Collections.Immutable;
using LanguageExt;

namespace Makemore;

/// <summary>The section of the report in which one can play with the model.</summary>
internal static class Playground
{
    private const string Title = "Try the model";
    private const int MaxMegabytes = 8, WordsCompared = 1000, MaxWords = 50_000, MaxWordBytes = 500_000, PerWord = 3;

    /// <summary>The section, null without --report-weights. What is too large for a page, or cannot be written as a graph, is named
    /// in its place.</summary>
    public static Section? Of<P, C>(RunContext run, Model<P, C> model, P p, ModelEvaluation evaluation)
    {
        if (run.Options.ReportWeights == Options.NoWeights)
            return null;
        var format = Enum.Parse<WeightFormat>(run.Options.ReportWeights, ignoreCase: true);
        return Recorded(run, model, p, format).Match(
            graph => new Section(
                Title,
                "Type the beginning of a word, or sample one. The model runs in this page, without a network, from the weights in it"
                + (format == WeightFormat.Float32 ? "." : $", rounded to 16 bits. {Rounding(run, model, p, format, evaluation)}"),
                [new Player(graph, run.Card.Vocabulary, format, Beginning(run)) { Words = Words(run) }]),
            fault => new Section(Title, "", [new Note($"This model does not run in the page: {fault.Message}.")]));
    }

    private static Either<Fault, Graph> Recorded<P, C>(RunContext run, Model<P, C> model, P p, WeightFormat format)
    {
        var megabytes = Tree.Count(p) * (format == WeightFormat.Float32 ? 4 : 2) / 1e6;
        return
            run.Card.IsText ? Fault.Of("it continues a text, and the page makes words")
            : run.Card.Vocabulary.Pairs is not null ? Fault.Of("its tokens are pieces of words, and the page takes characters apart")
            : megabytes > MaxMegabytes
                ? Fault.Of($"its weights would take {Numbers.Show(megabytes, "0")} MB, more than {MaxMegabytes} MB")
            : Graph.Of(model, p, run.Card.BlockSize);
    }

    /// <summary>The training words, unless they would take too much of the page.</summary>
    private static ImmutableArray<string> Words(RunContext run)
    {
        if (run.Corpus.Windows || run.Corpus.Split.Train.Count > MaxWords)
            return [];
        ImmutableArray<string> words = [.. run.Corpus.Split.Train.All().Distinct()];
        return words.Sum(word => word.Length + PerWord) <= MaxWordBytes ? words : [];
    }

    /// <summary>The first letters of a test word.</summary>
    private static string Beginning(RunContext run) =>
        run.Card.Vocabulary.Decode([.. AttentionMaps.Example(run.Corpus).Skip(1).Take(3)]);

    private static string Rounding<P, C>(
        RunContext run, Model<P, C> model, P p, WeightFormat format, ModelEvaluation evaluation)
    {
        // The evaluation has measured all test words, which most often are no more than these.
        var exact = run.Corpus.Test.Count <= WordsCompared ? evaluation.Test.Nats : Loss(p);
        var difference = Loss(Player.Rounded(p, format)) - exact;
        return $"That changes its loss on the first {Math.Min(WordsCompared, run.Corpus.Test.Count)} test words by "
            + $"{Numbers.Show(Math.Abs(difference), "0.0e+0")} nats per {run.Card.Vocabulary.Unit}.";

        double Loss(P q) => TokenLosses.Of(
            model, q, run.Corpus.Batches(run.Corpus.Test.Take(WordsCompared), ModelEvaluation.WordsInABatch, run.Engine).InOrder())
            .Summary.Nats;
    }
}
