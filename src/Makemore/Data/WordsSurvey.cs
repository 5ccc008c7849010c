using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Makemore;

/// <summary>What one pass over a file of words has found out.</summary>
/// <param name="Format">The version of the index that this stands in.</param>
/// <param name="Stamp">The file that was read.</param>
/// <param name="Hash">The SHA-256 of its contents.</param>
/// <param name="Count">The number of words.</param>
/// <param name="Stride">How many words there are from one offset of the index to the next.</param>
/// <param name="LongestIndex">The first of the longest words.</param>
/// <param name="LongestLength">Its length in text elements.</param>
/// <param name="Elements">The text elements of all words.</param>
internal sealed record WordsSurvey(
    int Format, FileStamp Stamp, string Hash, long Count, int Stride, long LongestIndex, int LongestLength,
    ImmutableArray<string> Elements);

/// <summary>The JSON of a survey.</summary>
[JsonSerializable(typeof(WordsSurvey))]
internal sealed partial class WordsSurveyJson : JsonSerializerContext;
