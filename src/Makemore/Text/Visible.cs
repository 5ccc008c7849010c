using System.Globalization;
using System.Text;

namespace Makemore;

/// <summary>Text as a person can read it: with a sign in place of each character that cannot be seen, or that a terminal would
/// obey. Everything that is shown goes through here; files for other programs have the text itself.</summary>
public static class Visible
{
    private const char FirstControlPicture = '\u2400', DeletePicture = '\u2421', SpacePicture = '\u2423', DottedCircle = '\u25CC';

    /// <summary>A word or a character. A space is ␣, a control character its control picture, such as ␛, any other white space or
    /// invisible character its code, such as &lt;U+200B&gt;.</summary>
    public static string Word(string word) => Map(word, isWord: true);

    /// <summary>A line of text that may contain anything: spaces and tabs stay, and the rest is as in a word.</summary>
    public static string Line(string text) => Map(text, isWord: false);

    /// <summary>A character: itself, or its code and name if it cannot be seen, such as U+200B ZERO WIDTH SPACE.</summary>
    public static string Name(string element) => Rune.DecodeFromUtf16(element, out var rune, out _) == System.Buffers.OperationStatus.Done
        && IsHidden(rune, isWord: true) ? $"U+{rune.Value:X4} {NameOf(rune.Value) ?? "(invisible)"}" : Word(element);

    /// <summary>Whether a character cannot be seen, so that it is better named.</summary>
    public static bool IsHidden(string element) => Name(element) != Word(element);

    private static string Map(string text, bool isWord)
    {
        var min = isWord ? '!' : ' ';
        if (!text.AsSpan().ContainsAnyExceptInRange(min, '~'))
            return text;
        var shown = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            var isRune = Rune.TryGetRuneAt(text, at, out var rune);
            if (!isRune || IsHidden(rune, isWord))
            {
                shown.Append(Sign(isRune ? rune.Value : text[at]));
                at += isRune ? rune.Utf16SequenceLength : 1;
                continue;
            }
            // Joiners and marks inside an element belong to its shape.
            var length = TextElements.First(text.AsSpan(at));
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark)
                shown.Append(DottedCircle);
            shown.Append(text, at, length);
            at += length;
        }
        return shown.ToString();
    }

    private static bool IsHidden(Rune rune, bool isWord) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control => isWord || rune.Value != '\t',
        UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        UnicodeCategory.SpaceSeparator => isWord,
        // The fillers of Hangul, and the blank of Braille.
        _ => isWord && rune.Value is 0x115F or 0x1160 or 0x2800 or 0x3164 or 0xFFA0,
    };

    private static string Sign(int code) => code switch
    {
        ' ' => $"{SpacePicture}",
        < ' ' => $"{(char)(FirstControlPicture + code)}",
        '\u007F' => $"{DeletePicture}",
        _ => $"<U+{code:X4}>",
    };

    /// <summary>The Unicode names of the invisible characters that text has most often, and the usual ones of controls.</summary>
    private static string? NameOf(int code) => code switch
    {
        0x07 => "BELL",
        0x08 => "BACKSPACE",
        0x09 => "TAB",
        0x0A => "LINE FEED",
        0x0B => "LINE TABULATION",
        0x0C => "FORM FEED",
        0x1B => "ESCAPE",
        0x20 => "SPACE",
        0x7F => "DELETE",
        0x85 => "NEXT LINE",
        0xA0 => "NO-BREAK SPACE",
        0xAD => "SOFT HYPHEN",
        0x61C => "ARABIC LETTER MARK",
        0x200B => "ZERO WIDTH SPACE",
        0x200C => "ZERO WIDTH NON-JOINER",
        0x200D => "ZERO WIDTH JOINER",
        0x200E => "LEFT-TO-RIGHT MARK",
        0x200F => "RIGHT-TO-LEFT MARK",
        0x2028 => "LINE SEPARATOR",
        0x2029 => "PARAGRAPH SEPARATOR",
        0x202A => "LEFT-TO-RIGHT EMBEDDING",
        0x202B => "RIGHT-TO-LEFT EMBEDDING",
        0x202C => "POP DIRECTIONAL FORMATTING",
        0x202D => "LEFT-TO-RIGHT OVERRIDE",
        0x202E => "RIGHT-TO-LEFT OVERRIDE",
        0x202F => "NARROW NO-BREAK SPACE",
        0x2060 => "WORD JOINER",
        0x2066 => "LEFT-TO-RIGHT ISOLATE",
        0x2067 => "RIGHT-TO-LEFT ISOLATE",
        0x2068 => "FIRST STRONG ISOLATE",
        0x2069 => "POP DIRECTIONAL ISOLATE",
        0x3000 => "IDEOGRAPHIC SPACE",
        0x3164 => "HANGUL FILLER",
        < 0x20 or (> 0x7F and < 0xA0) => "(control character)",
        _ => null,
    };
}
