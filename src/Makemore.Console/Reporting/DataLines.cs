using System.Globalization;

namespace Makemore;

/// <summary>The lines that show what a run learns from.</summary>
internal static class DataLines
{
    private const int MaxCharacters = 100, MaxPairs = 20, MaxHidden = 10;

    /// <summary>How the words are split, and how many test words are also in the training set.</summary>
    public static string OfSplit(SplitReport report)
    {
        var distinct = report.Distinct is null ? "" : $" ({report.Distinct} distinct)";
        var validation = report.Validation > 0 ? $"{report.Validation} validation, " : "";
        return $"data: {report.Words} words{distinct}, {report.Train} train, {validation}{report.Test} test; {Leak(report)}";
    }

    /// <summary>How a text is split.</summary>
    public static string OfPieces(Corpus corpus)
    {
        string[] parts =
        [
            .. new[] { ("train", corpus.Train), ("validation", corpus.Validation), ("test", corpus.Test) }
                .Where(part => part.Item2.Count > 0).Select(part => $"{((IEncodedText)part.Item2).Length} {part.Item1}"),
        ];
        return $"data: a text of {corpus.TextBytes} bytes; tokens: {string.Join(", ", parts)}";
    }

    /// <summary>What the words are made of, and what reading changed in them.</summary>
    public static IEnumerable<string> OfText(Corpus corpus)
    {
        if (corpus.Words.Changes.Composed is > 0 and var composed)
            yield return $"text: {Words(composed)} rewritten in Unicode normalization form C, in which a letter and its accents are one";
        if (corpus.Words.Changes.Marks is > 0 and var marks)
            yield return $"text: {Words(marks)} had a byte order mark (U+FEFF), which is dropped";
        if (corpus.Words.Changes.TooLong is > 0 and var left)
            yield return $"text: left out {Words(left)} that {(left == 1 ? "is" : "are")} too long";
        if (corpus.Outlier is { } outlier)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"warning: line {outlier.Line}: {outlier.Word} has {outlier.Length} characters, where words have {outlier.Mean:0.0} on average: ")
                + $"it sets the block size, and costs memory and time; {Remedies.LongWords}";
        yield return $"vocabulary: {corpus.Vocabulary.Size} tokens; block size {corpus.BlockSize}";
        yield return corpus.Vocabulary.Pairs is { } pairs
            ? $"tokens: bytes{(pairs.Merges.Length > 0 ? $", and {Pairs(corpus.Vocabulary)}" : "")}"
            : $"characters: {Characters(corpus.Vocabulary)}";
    }

    /// <summary>The characters of a vocabulary, those that cannot be seen by name; the first ones of many.</summary>
    public static string Characters(Vocabulary vocabulary)
    {
        var characters = vocabulary.Elements.ToLookup(Visible.IsHidden, Visible.Name);
        string[] parts = [First(characters[false], MaxCharacters, " "), First(characters[true], MaxHidden, ", ")];
        return string.Join("; invisible: ", parts.Where((part, i) => i == 0 || part.Length > 0));
    }

    /// <summary>The first pairs of bytes, which are the most frequent.</summary>
    private static string Pairs(Vocabulary vocabulary) =>
        First(Enumerable.Range(BytePairs.Bytes + 1, vocabulary.Pairs!.Merges.Length).Select(vocabulary.Show), MaxPairs, " ");

    private static string First(IEnumerable<string> names, int max, string separator)
    {
        var all = names.ToArray();
        return string.Join(separator, all.Take(max)) + (all.Length > max ? $" … and {all.Length - max} more" : "");
    }

    private static string Words(long count) => count == 1 ? "1 word" : $"{count} words";

    private static string Leak(SplitReport report) => report.Leaked switch
    {
        null => $"with more than {SplitReport.MaxTested} test words, overlap with train is not counted",
        0 => "no test word is also in train",
        1 => $"1 test word ({Percent(report)} %) is also in train: {Remedies.LeakedWords(report)}",
        var leaked => $"{leaked} test words ({Percent(report)} %) are also in train: {Remedies.LeakedWords(report)}",
    };

    private static string Percent(SplitReport report) =>
        (100.0 * report.Leaked!.Value / report.Test).ToString("0.0", CultureInfo.InvariantCulture);
}
