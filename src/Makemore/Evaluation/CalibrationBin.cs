namespace Makemore;

/// <summary>The probabilities of a model in an interval: a point of its reliability diagram.</summary>
/// <param name="Low">The lower end of the interval.</param>
/// <param name="High">The upper end, which only the last interval includes.</param>
/// <param name="Count">The number of probabilities.</param>
/// <param name="MeanProbability">Their mean; NaN if there are none.</param>
/// <param name="Frequency">The share of the events that occurred; NaN if there are none.</param>
public sealed record CalibrationBin(double Low, double High, long Count, double MeanProbability, double Frequency);
