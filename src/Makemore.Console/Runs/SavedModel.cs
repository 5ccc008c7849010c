using LanguageExt;

namespace Makemore;

/// <summary>Runs that use a saved model: --sample-only, --evaluate, --lens and --export.</summary>
internal static class SavedModel
{
    /// <summary>Samples from the saved model, evaluates it, looks inside it, or exports it.</summary>
    /// <returns>The exit code.</returns>
    public static Either<Fault, int> Use<P, C>(RunContext run, Model<P, C> model) =>
        from trained in TrainedModel.Load(run.InWorkDir(WorkFiles.ModelFile), model, run.Engine)
        let p = trained.Params
        from _ in run.Options.Evaluate is { } words ? Evaluate(run, model, p, words)
            : run.Options.Lens ? LensView.Show(run, model, p)
            : run.Options.Export is { } file ? Export(run, trained, file)
            : Sample(run, model, p)
        select 0;

    private static Either<Fault, Unit> Export<P, C>(RunContext run, TrainedModel<P, C> trained, string file) =>
        trained.Export(file).Map(_ =>
        {
            run.Reporter.Say(
                $"exported: {file}, ids (batch, {trained.Card.BlockSize}) to logits (batch, {trained.Card.BlockSize}, "
                + $"{trained.Vocabulary.Size}), ONNX opset {OnnxFile.Opset}");
            return Unit.Default;
        });

    private static Unit Sample<P, C>(RunContext run, Model<P, C> model, P p)
    {
        if (run.Card.IsText)
            return SampleText(run, run.SampleText(model, p, run.Options.NumTokens), model.Name);
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

    /// <summary>Writes a sample of a text as it comes.</summary>
    private static Unit SampleText(RunContext run, IEnumerable<int> tokens, string model)
    {
        var output = run.Shell.Out;
        if (run.Options.Json)
        {
            int[] all = [.. tokens];
            output.WriteLine(JsonFile.Show(new SamplesRecord(model, [new(string.Concat(run.Card.Vocabulary.Stream(all)), false, all)])));
            return Unit.Default;
        }
        foreach (var piece in run.Card.Vocabulary.Stream(tokens))
        {
            output.Write(string.Join('\n', piece.Split('\n').Select(Visible.Line)));
            output.Flush();
        }
        output.WriteLine();
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
            if (run.Options.Json)
                run.Shell.Out.WriteLine(JsonFile.Show(run.Card.IsText
                    ? HeldLossesRecord.OfText(model.Name, Tree.Count(p), [.. TextBlock.Of(losses.Words, run.Card.Vocabulary)])
                    : HeldLossesRecord.Of(model.Name, Tree.Count(p), losses)));
            else
                Show(run, losses);
            return Unit.Default;
        });

    private static Either<Fault, IEncodedWords> ReadHeld(RunContext run, string path) => run.Card.IsText
        ? ReadHeldText(run, path).Map(text => (IEncodedWords)text)
        : ReadHeldWords(run, path);

    private static Either<Fault, IEncodedText> ReadHeldText(RunContext run, string path) =>
        from text in TextFile.Read(path)
        from encoded in EncodedText.Of(run.Card.Vocabulary, text).In(path)
        from _ in encoded.Length > 1 ? Unit.Default : (Either<Fault, Unit>)Fault.Of("has one token, and none to predict").In(path)
        select encoded;

    private static Either<Fault, IEncodedWords> ReadHeldWords(RunContext run, string path) =>
        from words in Words.Read(path)
        from _ in run.Options.Windows
            ? run.Card.BlockSize
            : BlockSize.Of(words, run.Card.BlockSize, run.Card.Vocabulary).MapLeft(fault => TooLong(fault, words))
        from encoded in EncodedWords.Of(run.Card.Vocabulary, words)
        select (IEncodedWords)encoded;

    private static Fault TooLong(Fault fault, IWords words) => fault is Fault.WordTooLong { BlockSize: { } blockSize } word
        ? Fault.Of($"line {word.Line} has {word.Length} {word.Unit}s, and the saved model takes at most {blockSize - 1}").In(words.Source)
        : fault;

    private static void Show(RunContext run, TokenLosses losses)
    {
        var (vocabulary, breakdown) = (run.Card.Vocabulary, LossBreakdown.Of(losses.Words));
        run.Reporter.Table(
            [run.Card.IsText ? "tokens of a window" : "words", "nats", "std error", "bits", "perplexity", "tokens"],
            [
                Row("all", run.Card.IsText ? TextBlock.PerToken(losses.Words, vocabulary) : losses.Summary),
                .. breakdown.ByPosition.Select(group => Row($"position {group.Index + 1}", group.Loss)),
                .. (run.Card.IsText ? [] : breakdown.ByLength).Select(group => Row($"length {group.Index}", group.Loss)),
            ]);
        if (run.Card.IsText || vocabulary.Pairs is not null)
            run.Reporter.Say("bits per byte: " + Numbers.Bits(
                run.Card.IsText ? TextBlock.PerByte(losses.Words, vocabulary) : losses.PerByte(vocabulary)));
        run.Reporter.Say($"expected calibration error: {Numbers.Show(losses.Calibration.Error, "0.0000")}");
    }

    private static string[] Row(string words, LossSummary loss) =>
    [
        words, Numbers.Nats(loss.Nats), Numbers.Show(loss.StandardError, "0.0000"), Numbers.Nats(loss.Bits),
        Numbers.Perplexity(loss), $"{loss.Tokens}",
    ];
}
