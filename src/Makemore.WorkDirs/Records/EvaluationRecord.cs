namespace Makemore;

/// <summary>The contents of evaluation.json: the evaluation of the saved model.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Parameters">The number of its parameters.</param>
/// <param name="Vocabulary">The label of each token, by index.</param>
/// <param name="Evaluation">The evaluation.</param>
internal sealed record EvaluationRecord(
    string Model, long Parameters, IReadOnlyList<string> Vocabulary, ModelEvaluation Evaluation);
