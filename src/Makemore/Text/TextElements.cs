using System.Globalization;

namespace Makemore;

/// <summary>
/// User-perceived characters: a letter with its accents, an emoji with its skin tone. They are the extended grapheme clusters of
/// Unicode Standard Annex 29.
/// </summary>
internal static class TextElements
{
    /// <summary>Below the first combining mark two characters never form one element, except CR LF.</summary>
    public const char FirstCombining = '\u0300';

    /// <summary>The length of the first text element in UTF-16 units. The text must not be empty.</summary>
    public static int First(ReadOnlySpan<char> text) =>
        text.Length == 1 || (text[0] < FirstCombining && text[1] < FirstCombining && text[0] != '\r')
            ? 1
            : StringInfo.GetNextTextElementLength(text);

    /// <summary>The number of text elements.</summary>
    public static int Count(ReadOnlySpan<char> text)
    {
        var count = 0;
        for (; text.Length > 0; text = text[First(text)..])
            count++;
        return count;
    }

    /// <summary>A text for messages: in quotes, visible, truncated after twenty text elements.</summary>
    public static string Quote(ReadOnlySpan<char> text)
    {
        var length = 0;
        for (var count = 0; count < 20 && length < text.Length; count++)
            length += First(text[length..]);
        return $"'{Visible.Word(text[..length].ToString())}{(length < text.Length ? "…" : "")}'";
    }
}
