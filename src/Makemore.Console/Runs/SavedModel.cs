using LanguageExt;

namespace Makemore;

/// <summary>Runs that use a saved model: --sample-only and --evaluate.</summary>
internal static class SavedModel
{
    /// <summary>Samples from the saved model, or evaluates it.</summary>
    /// <returns>The exit code.</returns>
    public static Either<Fault, int> Use<P, C>(RunContext run, Model<P, C> model) =>
        from p in run.LoadSaved(model)
        from _ in run.Options.Evaluate is { } path ? Evaluate(run, model, p, path) : Sample(run, model, p)
        select 0;

    private static Unit Sample<P, C>(RunContext run, Model<P, C> model, P p)
    {
        var samples = run.Sample(model, p, run.Options.Num);
        if (run.Options.Json)
            run.Shell.Out.WriteLine(JsonFile.Show(new SamplesRecord(model.Name, [.. samples.Select(sample => ToText(run, sample))])));
        else if (run.Options.Explain)
            foreach (var sample in samples)
                run.Reporter.Explanation(run.Text(sample), [.. ExplainedToken.Of(model, p, sample)], run.Card.Vocabulary);
        else
            run.Words.Value.Match(
                corpus => run.Reporter.Samples(SampleGroups.Of(samples, corpus)), fault => ShowAlone(run, samples, fault));
        return Unit.Default;
    }

    /// <summary>Shows samples that cannot be compared with the words.</summary>
    private static void ShowAlone(RunContext run, IEnumerable<Sample> samples, Fault fault)
    {
        run.Reporter.Say($"which samples are new is not known: {Remedies.Line(fault)}");
        foreach (var sample in samples)
            run.Reporter.Say(run.Text(sample));
    }

    private static SampledText ToText(RunContext run, Sample sample) =>
        new(run.Card.Vocabulary.Decode([.. sample.Tokens]), sample.IsFinished, sample.Tokens);

    private static Either<Fault, Unit> Evaluate<P, C>(RunContext run, Model<P, C> model, P p, string path) =>
        ReadHeld(run, path).Map(words =>
        {
            var losses = TokenLosses.Of(model, p, new Batches(
                words, run.Card.BlockSize, ModelEvaluation.WordsInABatch, Engine: run.Engine, Windows: run.Options.Windows).InOrder());
            var summary = losses.Summary;
            if (run.Options.Json)
                run.Shell.Out.WriteLine(JsonFile.Show(new HeldLossesRecord(
                    model.Name, Tree.Count(p), summary,
                    [.. losses.Words.Select(word => word.Total)], [.. losses.Words.Select(word => word.Tokens)])));
            else
                Show(run, losses, summary);
            return Unit.Default;
        });

    private static Either<Fault, IEncodedWords> ReadHeld(RunContext run, string path) =>
        from words in Words.Read(path)
        from _ in run.Options.Windows
            ? run.Card.BlockSize
            : BlockSize.Of(words, run.Card.BlockSize, run.Card.Vocabulary).MapLeft(fault => TooLong(fault, words))
        from encoded in EncodedWords.Of(run.Card.Vocabulary, words)
        select (IEncodedWords)encoded;

    private static Fault TooLong(Fault fault, IWords words) => fault is Fault.WordTooLong { BlockSize: { } blockSize } word
        ? Fault.Of($"line {word.Line} has {word.Length} {word.Unit}s, and the saved model takes at most {blockSize - 1}").In(words.Source)
        : fault;

    private static void Show(RunContext run, TokenLosses losses, LossSummary summary)
    {
        var reporter = run.Reporter;
        var breakdown = LossBreakdown.Of(losses.Words);
        reporter.Table(
            ["words", "nats", "std error", "bits", "perplexity", "tokens"],
            [
                Row("all", summary),
                .. breakdown.ByPosition.Select(group => Row($"position {group.Index + 1}", group.Loss)),
                .. breakdown.ByLength.Select(group => Row($"length {group.Index}", group.Loss)),
            ]);
        if (run.Card.Vocabulary.Pairs is not null)
            reporter.Say($"bits per byte: {Numbers.Bits(losses.PerByte(run.Card.Vocabulary))}");
        reporter.Say($"expected calibration error: {Numbers.Show(losses.Calibration.Error, "0.0000")}");
    }

    private static string[] Row(string words, LossSummary loss) =>
    [
        words, Numbers.Nats(loss.Nats), Numbers.Show(loss.StandardError, "0.0000"), Numbers.Nats(loss.Bits),
        Numbers.Perplexity(loss), $"{loss.Tokens}",
    ];
}
