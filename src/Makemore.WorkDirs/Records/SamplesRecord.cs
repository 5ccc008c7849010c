namespace Makemore;

/// <summary>The output of --sample-only --json.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Samples">The samples.</param>
internal sealed record SamplesRecord(string Model, IReadOnlyList<SampledText> Samples);

/// <summary>A sample as text.</summary>
/// <param name="Text">The word, prompt included.</param>
/// <param name="Finished">Whether the model ended it.</param>
/// <param name="Tokens">Its tokens, which the text alone does not determine if it has combining characters.</param>
internal sealed record SampledText(string Text, bool Finished, IReadOnlyList<int> Tokens);
