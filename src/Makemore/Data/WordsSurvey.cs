using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Makemore;

/// <summary>The result of a pass over a file of words.</summary>
/// <param name="Format">The format version of the index.</param>
/// <param name="Stamp">The file that was read.</param>
/// <param name="Hash">The hash of its words.</param>
/// <param name="Count">The number of words.</param>
/// <param name="Stride">The number of words between two indexed offsets.</param>
/// <param name="LongestIndex">The index of the first of the longest words.</param>
/// <param name="LongestLine">Its line.</param>
/// <param name="LongestLength">Its length in text elements.</param>
/// <param name="TotalLength">The number of text elements of all words.</param>
/// <param name="Composed">The number of words that reading composes.</param>
/// <param name="Marks">The number of words that reading drops U+FEFF from.</param>
/// <param name="Elements">The text elements of all words.</param>
internal sealed record WordsSurvey(
    int Format, FileStamp Stamp, string Hash, long Count, int Stride, long LongestIndex, long LongestLine,
    int LongestLength, long TotalLength, long Composed, long Marks, ImmutableArray<string> Elements);

/// <summary>The JSON of a survey.</summary>
[JsonSerializable(typeof(WordsSurvey))]
internal sealed partial class WordsSurveyJson : JsonSerializerContext;
