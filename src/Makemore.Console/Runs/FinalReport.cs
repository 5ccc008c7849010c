using System.Collections.Immutable;
using LanguageExt;

namespace Makemore;

/// <summary>The end of a run: evaluates the saved model, and shows and writes the results.</summary>
internal static class FinalReport
{
    /// <summary>The maximum length of a measured sample in blocks: enough that hardly any is cut off.</summary>
    public const int MaxBlocksPerSample = 4;

    private const int PassageLength = 300;

    /// <summary>Evaluates the saved model, writes run.json, evaluation.json and report.html, and shows samples.</summary>
    /// <param name="run">The run.</param>
    /// <param name="model">The model.</param>
    /// <param name="steps">The number of training steps; null for a model that is counted.</param>
    /// <param name="milliseconds">The median time per step; null if there were none.</param>
    public static Either<Fault, Unit> Write<P, C>(RunContext run, Model<P, C> model, long? steps, double? milliseconds) =>
        from p in run.LoadSaved(model)
        from _ in run.Finish(p, steps, milliseconds)
        from curves in MetricsSink.Read(run.InWorkDir(WorkFiles.MetricsFile))
        from snapshots in run.Options.Diagnose
            ? JsonFile.ReadLines<Diagnosis>(run.InWorkDir(WorkFiles.DiagnosticsFile))
            : Array.Empty<Diagnosis>()
        let evaluation = Evaluate(run, model, p)
        let groups = run.Corpus.IsText ? null : SampleGroups.Of(run.Sample(model, p, run.Options.Num), run.Corpus)
        let text = run.Corpus.IsText ? string.Concat(run.Card.Vocabulary.Stream(run.SampleText(model, p, run.Options.NumTokens))) : ""
        let word = AttentionMaps.Example(run.Corpus)
        let report = new RunReport(run.Card, Tree.Leaves(p))
        {
            Curves = curves,
            Snapshots = [.. snapshots],
            Verdicts = DiagnosisTable.Of(snapshots),
            Pairs = run.Pairs,
            Maps = AttentionMaps.Of(model, p, word),
            Word = word,
            Evaluation = evaluation,
            Samples = groups,
            Play = Playground.Of(run, model, p, evaluation),
            SampledText = text,
            Passage = Passage(run.Corpus),
        }
        from __ in Write(run, report, new(
            model.Name, Tree.Count(p), [.. Enumerable.Range(0, run.Corpus.Vocabulary.Size).Select(run.Corpus.Vocabulary.Show)],
            evaluation))
        select Show(run, report);

    /// <summary>Evaluates the model, and shows the most important results.</summary>
    private static ModelEvaluation Evaluate<P, C>(RunContext run, Model<P, C> model, P p)
    {
        var key = run.KeyFor(Purpose.Evaluation);
        // Without temperature or prompt. Not for documents, because a sample is only as long as a window.
        var samples = run.Options.ReportSamples is > 0 and var count && !run.Corpus.Windows
            ? Sampler.Words(model, p, key.At(0), count, new(MaxLength: MaxBlocksPerSample * run.Corpus.BlockSize))
                .Select(sample => sample with { Tokens = run.Corpus.Vocabulary.Canonical(sample.Tokens) })
            : null;
        var evaluation = ModelEvaluation.Of(model, p, run.Corpus, samples, key.At(1));
        run.Reporter.Say($"saved model's test loss: {Numbers.Show(evaluation.Test)}{Bits(run.Corpus, evaluation)}{Unseen(run.Corpus, evaluation)}");
        if (evaluation is { Samples: { } summary, Memorization: { } memorization })
            Say(run.Reporter, summary, memorization);
        return evaluation;
    }

    /// <summary>The loss in other units, where tokens are not characters.</summary>
    private static string Bits(Corpus corpus, ModelEvaluation evaluation) =>
        (corpus.IsText || corpus.Vocabulary.Pairs is not null) && evaluation.TestPerByte is { } loss ? $" ({Numbers.Bits(loss)} bits per byte)" : "";

    /// <summary>The first test tokens, where they are not just characters.</summary>
    private static ImmutableArray<int> Passage(Corpus corpus)
    {
        if (corpus.Vocabulary.Pairs is null)
            return [];
        if (corpus.Test is not IEncodedText text)
            return [.. corpus.Test.Take(PassageLength).Pairs().Select(pair => pair.To).Take(PassageLength)];
        var tokens = new int[Math.Min(PassageLength, text.Length)];
        text.ReadAt(0, tokens);
        return [.. tokens];
    }

    private static string Unseen(Corpus corpus, ModelEvaluation evaluation) => evaluation.Unseen is { } unseen
        ? $"; on the {unseen.Words} of {corpus.Test.Count} test words that are not in train: {Numbers.Show(unseen.Loss)}"
        : "";

    private static void Say(IReporter reporter, SampleSummary samples, Memorization memorization)
    {
        reporter.Say($"{samples.Count} samples: " + (samples.Finished == 0
            ? "the model finished none of them"
            : $"{Percent(samples.Novel)} of the distinct ones are new; {Percent(memorization.Copied)} of all are in train "
                + $"(of the test words, {Percent(memorization.HeldCopied)}); memorization "
                + $"{Numbers.Show(memorization.Figure, "0.00")} ± {Numbers.Show(memorization.StandardError, "0.00")}"));
        if (memorization.IsFlagged)
            reporter.Say("warning: the model repeats its training words far more often than held-out words do; try more words, fewer "
                + "parameters or fewer steps");
    }

    /// <summary>Writes the results. The report comes last, so that the rest exists once it does.</summary>
    private static Either<Fault, Unit> Write(RunContext run, RunReport report, EvaluationRecord measured)
    {
        var written = Task.Run(() => JsonFile.Write(run.InWorkDir(WorkFiles.EvaluationFile), measured));
        var page = report.ToReport().ToHtml();
        return written.GetAwaiter().GetResult().Bind(_ => Report.Write(run.InWorkDir(WorkFiles.ReportFile), page));
    }

    /// <summary>Shows the gist of the report in the terminal: the losses, one attention head, samples.</summary>
    private static Unit Show(RunContext run, RunReport report)
    {
        if (report.Curves.Losses is { Length: > 0 } losses)
            run.Reporter.Curves("loss", losses);
        if (report.Maps is [var map, ..])
        {
            string[] letters = [.. report.Word.Select(run.Corpus.Vocabulary.Show)];
            var weights = new double[map.Length, map.Length];
            for (var t = 0; t < map.Length; t++)
                for (var s = 0; s < map.Length; s++)
                    weights[t, s] = s <= t ? map[t, s] : double.NaN;
            run.Reporter.Heatmap(
                $"attention of layer 1, head 1 of {report.Maps.Length}: where each row looks", letters, letters, weights);
        }
        run.Reporter.Say($"report: {run.InWorkDir(WorkFiles.ReportFile)}");
        if (report.Samples is { } samples)
            run.Reporter.Samples(samples);
        else
            run.Reporter.Say(report.SampledText);
        return Unit.Default;
    }

    private static string Percent(double share) => Numbers.Show(share, "0.0 %");
}
