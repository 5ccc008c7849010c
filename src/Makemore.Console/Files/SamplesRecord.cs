namespace Makemore;

/// <summary>What --sample-only --json prints.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Samples">The samples, in their order.</param>
internal sealed record SamplesRecord(string Model, IReadOnlyList<SampledText> Samples);

/// <summary>A sample as text.</summary>
/// <param name="Text">The word, prompt included.</param>
/// <param name="Finished">Whether the model ended it itself.</param>
/// <param name="Tokens">Its tokens: characters that combine make another text of the same tokens.</param>
internal sealed record SampledText(string Text, bool Finished, IReadOnlyList<int> Tokens);
