namespace Makemore;

/// <summary>What evaluation.json in a work dir says of the model that was saved there.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Parameters">The number of its parameters.</param>
/// <param name="Vocabulary">How each token is shown, from token 0 on: what the indices by token stand for.</param>
/// <param name="Evaluation">All that was measured.</param>
internal sealed record EvaluationRecord(
    string Model, long Parameters, IReadOnlyList<string> Vocabulary, ModelEvaluation Evaluation);
