using System.Text.Json.Serialization;
using LanguageExt;

namespace Makemore;

/// <summary>A line of metrics.jsonl: an evaluation, for other tools.</summary>
/// <param name="Step">The number of steps made.</param>
/// <param name="TrainLoss">The loss on some training words, in nats a token.</param>
/// <param name="HeldOut">What the held-out words are: validation or test.</param>
/// <param name="HeldOutLoss">The loss on them.</param>
/// <param name="StandardError">Its standard error over words.</param>
/// <param name="LearningRate">The rate of the last step.</param>
/// <param name="GradientNorm">The norm of all gradients of the last step together, before clipping.</param>
/// <param name="MillisecondsPerStep">The median since the last evaluation.</param>
/// <param name="WordsPerSecond">Words trained on a second at that pace.</param>
public sealed record Metrics(
    long Step, double TrainLoss, string HeldOut, double HeldOutLoss, double StandardError, double LearningRate,
    double GradientNorm, double MillisecondsPerStep, double WordsPerSecond)
{
    /// <summary>The evaluations in a metrics.jsonl, by step; none where there is no such file. Of a step that was evaluated
    /// twice, because the run was resumed before it, the last counts.</summary>
    public static Either<Fault, Metrics[]> Read(string path) =>
        JsonLines.Read(path, () => MetricsJson.Default.Metrics).Map(entries =>
            entries.GroupBy(entry => entry.Step).Select(group => group.Last()).OrderBy(entry => entry.Step).ToArray());
}

/// <summary>The JSON of metrics.</summary>
[JsonSerializable(typeof(Metrics))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
internal sealed partial class MetricsJson : JsonSerializerContext;
