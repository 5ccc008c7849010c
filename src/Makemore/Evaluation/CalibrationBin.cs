namespace Makemore;

/// <summary>The probabilities of a model that lie in one interval: a point of its reliability diagram.</summary>
/// <param name="Low">Where the interval begins.</param>
/// <param name="High">Where it ends; only the last one holds its end.</param>
/// <param name="Count">How many probabilities.</param>
/// <param name="MeanProbability">Their mean; NaN where there are none.</param>
/// <param name="Frequency">How often what they were given to came true; NaN where there are none.</param>
public sealed record CalibrationBin(double Low, double High, long Count, double MeanProbability, double Frequency);
