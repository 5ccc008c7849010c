using System.Collections.Immutable;

namespace Makemore;

/// <summary>The page that a run leaves, for reading in a browser.</summary>
public sealed partial class Run
{
    internal const string ReportFile = "report.html";

    private const int LongestWordShown = 8, WordsTried = 1000;

    private ImmutableArray<(string Title, long[,] Values)> _pairs = [];

    /// <summary>What report.html shows.</summary>
    private RunReport ReportOf<P, C>(Model<P, C> model, P p, ModelEvaluation evaluation, SampleGroups samples)
    {
        var word = WordToShow();
        return new(Card, Tree.Leaves(p))
        {
            Metrics = [.. Else(Metrics.Read(InWorkDir(MetricsFile)))],
            Looks = IsDiagnosed ? [.. Else(Diagnostics.Read(InWorkDir(DiagnosticsFile)))] : [],
            Pairs = _pairs,
            Maps = AttentionMaps.Of(model, p, word),
            Word = word,
            Evaluation = evaluation,
            Samples = samples,
        };
    }

    private bool IsDiagnosed => Settings.Has("--diagnose") && Get<bool>("--diagnose");

    /// <summary>In the terminal the same as in the report, as far as there is room: the losses, and one head of
    /// attention.</summary>
    private void ShowPictures(RunReport report)
    {
        if (report.Metrics.Length > 1)
            Reporter.Curves("loss", Sections.LossCurves(report.Metrics));
        if (report.Maps is not [var map, ..])
            return;
        string[] letters = [.. report.Word.Select(Corpus.Vocabulary.Show)];
        var weights = new double[map.Length, map.Length];
        for (var t = 0; t < map.Length; t++)
            for (var s = 0; s < map.Length; s++)
                weights[t, s] = s <= t ? map[t, s] : double.NaN;
        Reporter.Heatmap(
            $"attention of layer 1, head 1 of {report.Maps.Length}: who looks (row) at whom (column)", letters, letters, weights);
    }

    /// <summary>The start and a word for pictures: of the first test words the longest that is not too long for them.</summary>
    private ImmutableArray<int> WordToShow() => Read(() =>
    {
        var most = Math.Min(LongestWordShown, BlockSize - 1);
        var words = Enumerable.Range(0, (int)Math.Min(WordsTried, Corpus.Test.Count))
            .Select(i => Beginning(Corpus.Test[i], most + 1)).ToArray();
        var word = words.Where(tokens => tokens.Length <= most).DefaultIfEmpty(words[0]).MaxBy(tokens => tokens.Length)!;
        return (ImmutableArray<int>)[Vocabulary.Stop, .. word.Take(most)];

        static int[] Beginning(ReadOnlySpan<int> tokens, int length) => tokens[..Math.Min(length, tokens.Length)].ToArray();
    });
}
