using System.Collections.Immutable;

namespace Makemore;

/// <summary>The contents of run.json: what another program needs to start the run's script again on the same words. It is written
/// when a run begins, and again, with the hash of the saved model, when it ends.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Script">The path of the script, relative to the work dir.</param>
/// <param name="ScriptHash">The SHA-256 of the script at the time of the run.</param>
/// <param name="Parameters">The number of parameters.</param>
/// <param name="Steps">The number of training steps; null for a model that is counted.</param>
/// <param name="MillisecondsPerStep">The median time per step since the run was started or resumed; null for a model that is
/// counted.</param>
/// <param name="Options">The options that the results depend on.</param>
/// <param name="Words">The path of the file of words or of the text, relative to the work dir.</param>
/// <param name="WordsHash">The SHA-256 of its words.</param>
/// <param name="Train">The number of training words, or tokens of a text.</param>
/// <param name="Validation">The number of validation words, or tokens.</param>
/// <param name="Test">The number of test words, or tokens.</param>
/// <param name="BlockSize">The maximum length of a sequence.</param>
/// <param name="ModelHash">The hash in model.safetensors; null if the run has not finished.</param>
internal sealed record RunRecord(
    string Model, string Script, string ScriptHash, long Parameters, long? Steps, double? MillisecondsPerStep,
    ImmutableSortedDictionary<string, string> Options, string Words, string WordsHash, long Train, long Validation, long Test,
    int BlockSize, string? ModelHash = null);
