using System.Collections.Immutable;

namespace Makemore;

/// <summary>The contents of sweep.json: what the runs of a sweep have in common, and which of them have finished.</summary>
/// <param name="SweptScript">The name of the script.</param>
/// <param name="ScriptHash">The SHA-256 of the script.</param>
/// <param name="Arguments">The arguments of all runs.</param>
/// <param name="Finished">The hash of the saved model of each finished run, by its folder in the work dir.</param>
internal sealed record SweepRecord(
    string SweptScript, string ScriptHash, ImmutableArray<string> Arguments, ImmutableSortedDictionary<string, string> Finished);
