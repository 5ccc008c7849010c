using System.Collections.Immutable;
using System.Text;
using LanguageExt;

namespace Makemore;

/// <summary>A run, its losses by word, and some of its samples.</summary>
/// <param name="Run">The run and what was measured.</param>
/// <param name="Test">The total loss of each test word, and the number of tokens or bytes that it is the loss of.</param>
/// <param name="Shown">The first samples, for display.</param>
internal sealed partial record Measurement(ComparedRun Run, IReadOnlyList<(double Nats, int Tokens)> Test, ImmutableArray<string> Shown)
{
    private const int SamplesShown = 20;

    /// <summary>Measures a run: its own script evaluates its model on the words, and samples from it.</summary>
    public static Either<Fault, Measurement> Of(
        ComparisonOptions options, FinishedRun run, EvaluationWords words, ChildScripts children, IReporter reporter)
    {
        SayIfChanged(run, reporter);
        return
            from losses in Ask<HeldLossesRecord>(children, run, "--evaluate", words.File)
            from samples in options.Samples == 0 ? Array.Empty<Sample>() : Samples(children, run, options.Samples, words.Corpus.Vocabulary)
            select Summarize(options, run, words, losses, samples);
    }

    private static void SayIfChanged(FinishedRun run, IReporter reporter)
    {
        if (run.HasChanged)
            reporter.Say($"{run.Folder}: {run.Script} has changed since the run");
    }

    private static Measurement Summarize(
        ComparisonOptions options, FinishedRun run, EvaluationWords words, HeldLossesRecord losses, Sample[] drawn)
    {
        var byWord = words.IsPerByte ? PerByte(losses, words) : losses.ByWord();
        var (test, train) = (byWord.Take(words.Test.Length).ToArray(), byWord.Skip(words.Test.Length).ToArray());
        var (onTest, onTrain) = (LossSummary.Of(test), LossSummary.Of(train));
        var samples = drawn.Length == 0 ? null : SampleSummary.Of(drawn, words.Reference, Comparison.KeyFor(options, 3));
        return new(
            new(
                run.Folder, run.Record.Model, losses.Parameters, run.Record.Steps, run.Record.MillisecondsPerStep, run.HasChanged,
                onTrain, onTest, samples, samples is null ? null : Memorization.Of(samples, LossGap.Of(onTrain, onTest)), null),
            test, [.. drawn.Take(SamplesShown).Select(sample => words.Corpus.Vocabulary.Show([.. sample.Tokens]))]);
    }

    /// <summary>The total loss and the number of bytes of each word, its end included.</summary>
    private static IReadOnlyList<(double Nats, int Bytes)> PerByte(HeldLossesRecord losses, EvaluationWords words) =>
        [.. losses.Nats.Zip(words.Test.Concat(words.Train), (nats, word) => (nats, Encoding.UTF8.GetByteCount(word) + 1))];

    private static Either<Fault, Sample[]> Samples(ChildScripts children, FinishedRun run, int count, Vocabulary vocabulary) =>
        from record in Ask<SamplesRecord>(
            children, run, "--sample-only", "--num", $"{count}",
            "--max-length", $"{Math.Min(Words.MaxLineLength, FinalReport.MaxBlocksPerSample * run.Card.BlockSize)}")
        select record.Samples.Select(sample => In(run.Card.Vocabulary, vocabulary, sample)).ToArray();

    /// <summary>A sample in the common vocabulary. One with characters that are in no word is not counted as one that the model
    /// finished.</summary>
    private static Sample In(Vocabulary own, Vocabulary common, SampledText sample)
    {
        if (own.Equals(common))
            return new(own.Canonical(sample.Tokens), sample.Finished);
        var (tokens, isWhole) = own.Translate(sample.Tokens, common);
        return new(tokens, sample.Finished && isWhole);
    }

    /// <summary>The JSON that the run's own script prints.</summary>
    private static Either<Fault, T> Ask<T>(ChildScripts children, FinishedRun run, params string[] arguments) => (
        from output in children.LastLine(run.Script, [.. run.Arguments, "--json", .. arguments])
        from value in JsonFile.Parse<T>(output).In(run.Script)
        select value).In(run.Folder);
}

/// <summary>The words on which runs are compared, and a file of them: test words, then training words.</summary>
/// <param name="File">The file.</param>
/// <param name="Test">The test words.</param>
/// <param name="Train">The training words.</param>
/// <param name="Corpus">All words, in the common vocabulary.</param>
/// <param name="Reference">What samples are compared with.</param>
/// <param name="IsPerByte">Whether losses are per byte.</param>
internal sealed record EvaluationWords(
    string File, string[] Test, string[] Train, Corpus Corpus, SampleReference Reference, bool IsPerByte);
