using System.Text;
using LanguageExt;

namespace Makemore;

/// <summary>Measuring runs on a text: by the KiB of its test piece, in nats per byte, so that their tokens and block sizes may
/// differ.</summary>
internal sealed partial record Measurement
{
    /// <summary>The blocks of the test piece of a text, without the last, which is not whole.</summary>
    public static string[] BlocksOf(Corpus corpus) =>
        [.. Enumerable.Range(0, Math.Max(1, (Encoding.UTF8.GetByteCount(corpus.Split.Test[0]) / TextBlock.Size) - 1)).Select(i => $"block {i}")];

    /// <summary>Measures runs on the pieces of a text.</summary>
    public static Either<Fault, Measurement[]> OfTexts(
        FinishedRun[] runs, Corpus corpus, int blocks, string result, ChildScripts children, IReporter reporter)
    {
        var train = corpus.Train.Beginning(0, (int)Math.Min(int.MaxValue, ((IEncodedText)corpus.Test).Length));
        return WithText(corpus.Split.Test[0], testFile => WithText(corpus.Vocabulary.Decode(train), trainFile =>
            runs.Select(run => OfText(run, blocks, testFile, trainFile, children, reporter)).All()));

        Either<Fault, T> WithText<T>(string text, Func<string, Either<Fault, T>> use) =>
            AtomicFile.WithTemporary(result, stream => stream.Write(Encoding.UTF8.GetBytes(text)), use);
    }

    private static Either<Fault, Measurement> OfText(
        FinishedRun run, int blocks, string testFile, string trainFile, ChildScripts children, IReporter reporter)
    {
        SayIfChanged(run, reporter);
        return
            from test in Ask<HeldLossesRecord>(children, run, "--evaluate", testFile)
            from train in Ask<HeldLossesRecord>(children, run, "--evaluate", trainFile)
            select new Measurement(
                new(
                    run.Folder, run.Record.Model, test.Parameters, run.Record.Steps, run.Record.MillisecondsPerStep, run.HasChanged,
                    PerByte(train), PerByte(test), null, null, null),
                [.. test.Nats.Take(blocks).Select(nats => (nats, TextBlock.Size))], []);
    }

    private static LossSummary PerByte(HeldLossesRecord losses) => LossSummary.Of(losses.Nats.Zip(losses.Bytes ?? []));
}
