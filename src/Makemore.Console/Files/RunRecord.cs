using System.Collections.Immutable;

namespace Makemore;

/// <summary>What run.json in a work dir says of the run that ended there: what another program needs to start its script
/// again on the same words.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Script">The script's path, seen from the work dir.</param>
/// <param name="ScriptHash">The SHA-256 of the script's text as it ran.</param>
/// <param name="Parameters">The number of parameters.</param>
/// <param name="Steps">The number of steps made; none of a model that is counted.</param>
/// <param name="MillisecondsPerStep">The median of the steps made since the run was started or resumed; none of a model that is
/// counted.</param>
/// <param name="Options">The options that the results depend on.</param>
/// <param name="Words">The words file's path, seen from the work dir.</param>
/// <param name="WordsHash">Its SHA-256.</param>
/// <param name="Train">The number of training words.</param>
/// <param name="Validation">The number of validation words.</param>
/// <param name="Test">The number of test words.</param>
/// <param name="BlockSize">The greatest length of a sequence.</param>
internal sealed record RunRecord(
    string Model, string Script, string ScriptHash, long Parameters, long? Steps, double? MillisecondsPerStep,
    ImmutableSortedDictionary<string, string> Options, string Words, string WordsHash, long Train, long Validation, long Test,
    int BlockSize);
