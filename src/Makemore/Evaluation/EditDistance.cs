namespace Makemore;

/// <summary>How many tokens have to be put in, taken out or replaced to make one word of another.</summary>
/// <remarks>Levenshtein: "Binary codes capable of correcting deletions, insertions, and reversals", 1966; by the recurrence of
/// Wagner, Fischer: "The string-to-string correction problem", 1974.</remarks>
public static class EditDistance
{
    /// <summary>The distance between two words.</summary>
    public static int Between(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        int[] row = [.. Enumerable.Range(0, first.Length + 1)], next = new int[first.Length + 1];
        foreach (var token in second)
        {
            Next(row, first, token, next);
            (row, next) = (next, row);
        }
        return row[^1];
    }

    /// <summary>Writes the distances of a word's beginnings from another one, of which one more token is known.</summary>
    private static void Next(int[] before, ReadOnlySpan<int> word, int token, int[] row)
    {
        row[0] = before[0] + 1;
        for (var i = 0; i < word.Length; i++)
        {
            var replaced = before[i] + (word[i] == token ? 0 : 1);
            row[i + 1] = Math.Min(replaced, Math.Min(before[i + 1], row[i]) + 1);
        }
    }
}
