namespace Makemore;

/// <summary>What is measured of a saved model, and what is told to other programs.</summary>
public sealed partial class Run
{
    internal const string RecordFile = "run.json", EvaluationFile = "evaluation.json";

    /// <summary>How many times longer than all words a measured sample may get, so that a model is not judged by words that
    /// were cut.</summary>
    internal const int BlocksInASample = 4;

    /// <summary>Does what is asked of the saved model instead of training one; whether anything is.</summary>
    private bool UseSaved<P, C>(Model<P, C> model)
    {
        if (Get<string?>("--evaluate") is { } path)
            EvaluateFile(model, LoadSaved(model), path);
        else if (Get<bool>("--sample-only"))
            SampleSaved(model, LoadSaved(model));
        else
            return false;
        return true;
    }

    private void SampleSaved<P, C>(Model<P, C> model, P p)
    {
        if (Get<bool>("--json"))
            Print(new SamplesRecord(Name, [.. Sample(model, p, Get<int>("--num")).Select(ToText)]));
        else if (Get<bool>("--explain"))
            Explain(model, p);
        else
            Reporter.Samples(Grouped(model, p));
    }

    private SampledText ToText(Sample sample) => new(Corpus.Vocabulary.Decode([.. sample.Tokens]), sample.IsFinished, sample.Tokens);

    private static void Print<T>(T record) => System.Console.Out.WriteLine(JsonFile.Show(record));

    /// <summary>The model as it was saved: what a person would get from the file.</summary>
    private P LoadSaved<P, C>(Model<P, C> model) =>
        Else(Checkpoint.LoadModel(InWorkDir(ModelFile), Tree.To(model.Init(KeyFor(Purpose.Init)), Engine), Card));

    private void Explain<P, C>(Model<P, C> model, P p)
    {
        foreach (var sample in Sample(model, p, Get<int>("--num")))
            Reporter.Explanation(Text(sample), [.. ExplainedToken.Of(model, p, sample)], Corpus.Vocabulary);
    }

    /// <summary>Measures the saved model, writes what other programs ask for, and shows samples.</summary>
    private void Report<P, C>(Model<P, C> model, long? steps, double? milliseconds)
    {
        var saved = LoadSaved(model);
        var parameters = Tree.Count(saved);
        OrStop(JsonFile.Write(InWorkDir(RecordFile), Record(parameters, steps, milliseconds)));
        var evaluation = Read(() => ModelEvaluation.Of(
            model, saved, Corpus, Measured(model, saved), KeyFor(Purpose.Evaluation).At(1)));
        if (evaluation is { Samples: { } samples, Memorization: { } memorization })
            Say(samples, memorization);
        var groups = Grouped(model, saved);
        Write(ReportOf(model, saved, evaluation, groups), new(
            Name, parameters, [.. Enumerable.Range(0, VocabSize).Select(Corpus.Vocabulary.Show)], evaluation));
        Reporter.Samples(groups);
    }

    /// <summary>Writes what was measured, for other programs while the page for a person is made. The page comes last: who
    /// sees it finds the rest too.</summary>
    private void Write(RunReport report, EvaluationRecord measured)
    {
        var file = InWorkDir(EvaluationFile);
        var written = Task.Run(() => JsonFile.Write(file, measured));
        var page = report.ToReport().ToHtml();
        OrStop(written.GetAwaiter().GetResult());
        ShowPictures(report);
        OrStop(Makemore.Report.Write(InWorkDir(ReportFile), page));
        Say($"report: {InWorkDir(ReportFile)}");
    }

    /// <summary>The samples that are measured, if any are: as the model is, without a temperature or a prompt. Of documents
    /// there are none, because a sample is only as long as a window.</summary>
    private IEnumerable<Sample>? Measured<P, C>(Model<P, C> model, P p) =>
        Get<int>("--report-samples") is > 0 and var count && !Corpus.Windows
            ? Sampler.Words(model, p, KeyFor(Purpose.Evaluation).At(0), count, new(MaxLength: BlocksInASample * BlockSize))
            : null;

    private void Say(SampleSummary samples, Memorization memorization)
    {
        Say($"{samples.Count} samples: " + (samples.Finished == 0
            ? "the model ended none of them"
            : $"{Percent(samples.Novel)} of the different words are new; {Percent(memorization.Copied)} of all words are in train, "
                + $"of the test words {Percent(memorization.HeldCopied)}; memorization {Numbers.Show(memorization.Figure, "0.00")} ± "
                + Numbers.Show(memorization.StandardError, "0.00")));
        if (memorization.IsFlagged)
            Say("warning: the model repeats its training words, far more often than words that it did not learn from do; more "
                + "words, fewer parameters or fewer steps help");
    }

    private static string Percent(double share) => Numbers.Show(share, "0.0 %");

    private RunRecord Record(long parameters, long? steps, double? milliseconds) => new(
        Name, FromWorkDir(_script), Card.ScriptHash, parameters, steps, milliseconds, Card.Options,
        FromWorkDir(Get<string>("--input-file")), Card.Options[ModelCard.WordsHash], Corpus.Train.Count, Corpus.Validation.Count,
        Corpus.Test.Count, BlockSize);

    private string FromWorkDir(string path) => Path.GetRelativePath(Get<string>("--work-dir"), path);

    private void EvaluateFile<P, C>(Model<P, C> model, P p, string path)
    {
        var words = Else(ReadHeld(path));
        var losses = TokenLosses.Of(model, p, Batches(words, ModelEvaluation.WordsInABatch).InOrder());
        var summary = losses.Summary(KeyFor(Purpose.Evaluation).At(2));
        if (Get<bool>("--json"))
            Print(new HeldLossesRecord(
                Name, Tree.Count(p), summary,
                [.. losses.Words.Select(word => word.Total)], [.. losses.Words.Select(word => word.Tokens)]));
        else
            ShowLosses(losses, summary);
    }

    private LanguageExt.Either<Fault, IEncodedWords> ReadHeld(string path) =>
        from words in Words.Read(path)
        from _ in Corpus.Windows ? BlockSize : Makemore.BlockSize.Of(words, BlockSize).MapLeft(_ => TooLong(words))
        from encoded in EncodedWords.Of(Corpus.Vocabulary, words)
        select (IEncodedWords)encoded;

    private Fault TooLong(IWords words)
    {
        var (index, length) = words.Longest();
        return Fault.Of($"line {words.Line(index)} has {length} characters, and the saved model takes {BlockSize - 1} at most")
            .In(words.Source);
    }

    private void ShowLosses(TokenLosses losses, LossSummary summary)
    {
        var breakdown = LossBreakdown.Of(losses.Words);
        Reporter.Table(
            ["on", "nats", "error", "bits", "perplexity", "tokens"],
            [
                Row("all words", summary),
                .. breakdown.ByPosition.Select(group => Row($"position {group.Index + 1}", group.Loss)),
                .. breakdown.ByLength.Select(group => Row($"words of {group.Index}", group.Loss)),
            ]);
        Say($"expected calibration error: {Numbers.Show(losses.Calibration.Error, "0.0000")}");
    }

    private static string[] Row(string on, LossSummary loss) =>
    [
        on, Numbers.Show(loss.Nats, "0.0000"), Numbers.Show(loss.StandardError, "0.0000"), Numbers.Show(loss.Bits, "0.0000"),
        Numbers.Show(loss.Perplexity, "0.00"), $"{loss.Tokens}",
    ];
}
