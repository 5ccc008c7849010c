namespace Makemore.Tests.Scripts;

/// <summary>The lines of metrics.jsonl.</summary>
public sealed class MetricsTests
{
    [Fact]
    public void Metrics_OfATrainedModel_BeginBeforeTheFirstStepAndEndAtTheLast()
    {
        var run = ScriptRun.Run("mlp", "--max-steps", "23", "--eval-every", "15");
        var curves = Read(run);
        Assert.Equal(0, curves.Initial!.Step);
        Assert.Equal(Math.Log(27), curves.Initial.UniformLoss, 1e-12);
        Assert.Equal([10, 15, 23], curves.Batches.Select(entry => entry.Step));
        Assert.Equal([15, 23], curves.Evaluations.Select(entry => entry.Step));
        Assert.All(curves.Evaluations, entry => Assert.True(entry is { LearningRate: > 0, GradientNorm: > 0, WordsPerSecond: > 0 }));
        Assert.Contains($"\nthe loss before the first step is {curves.Initial.InitialLoss:0.0000}, ", run.Outcome.Output);
        Assert.Contains("<dt>loss before the first step</dt>", File.ReadAllText(run.Saved("report.html")));
        Assert.Equal(
            ["training words", "test words", "batches", "uniform guess"], curves.Losses.Select(line => line.Name));
    }

    [Fact]
    public void Metrics_OfACountedModel_AreOneEvaluation()
    {
        var curves = Read(ScriptRun.Run("ngram"));
        Assert.Null(curves.Initial);
        var entry = Assert.Single(curves.Evaluations);
        Assert.Equal((0, null, null), (entry.Step, entry.LearningRate, entry.MillisecondsPerStep));
        Assert.Empty(curves.Losses);
    }

    [Fact]
    public void Losses_OfManyBatches_AreFewMeans()
    {
        var curves = new LearningCurves(
            new(0, 3.3, 3.2), [.. Enumerable.Range(1, 1000).Select(i => new BatchMetrics(10 * i, i % 5))], []);
        var points = curves.Losses[0].Points;
        Assert.Equal((201, 0, 3.3), (points.Length, points[0].X, points[0].Y));
        Assert.All(points[1..], point => Assert.Equal(2, point.Y, 1e-12));
        Assert.Equal(10_000, points[^1].X);
    }

    private static LearningCurves Read(ScriptRun run) => MetricsSink.Read(run.Saved("metrics.jsonl")).Value();
}
