using System.Globalization;
using System.Text;

namespace Makemore;

/// <summary>Texts and numbers for HTML and SVG.</summary>
public static class Html
{
    private const char FirstControlPicture = '\u2400', DeletePicture = '\u2421', FirstWide = '\u1100';

    /// <summary>Escapes a text, for elements and for attributes in double quotes. Control characters, which HTML does not
    /// allow, become control pictures (U+2400).</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var unit in text)
            _ = unit switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                < ' ' and not '\n' => escaped.Append((char)(FirstControlPicture + unit)),
                '\u007f' => escaped.Append(DeletePicture),
                _ => escaped.Append(unit),
            };
        return escaped.ToString();
    }

    /// <summary>A word isolated from the text around it, so that a right-to-left word does not reorder it: Unicode Standard
    /// Annex 9, first strong isolate.</summary>
    public static string Isolate(string word) => $"\u2068{word}\u2069";

    /// <summary>A number for a person: integers with commas, others with four decimals, small ones in scientific notation, NaN
    /// as a dash.</summary>
    public static string Number(double value) => value switch
    {
        double.NaN => "–",
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "-∞",
        _ => Numbers.Show(value, Format(value)),
    };

    /// <summary>A number and its standard error, if it is finite.</summary>
    public static string Number(double value, double error) =>
        double.IsFinite(error) ? $"{Number(value)} ± {Number(error)}" : Number(value);

    private static string Format(double value) => Math.Abs(value) switch
    {
        >= 1e15 => "0.####e+0",
        var size when size == Math.Round(size) => "#,0",
        >= 1000 => "#,0.0",
        >= 0.01 => "0.####",
        _ => "0.##e+0",
    };

    /// <summary>A coordinate in units of a viewBox.</summary>
    internal static string At(double coordinate) => Numbers.Show(coordinate, "0.##");

    /// <summary>The approximate width of a text in letters of a size, in the same units. Most characters from Hangul Jamo on,
    /// emoji included, are as wide as high.</summary>
    internal static double Width(string text, double size)
    {
        var (width, elements) = (0.0, StringInfo.GetTextElementEnumerator(text));
        while (elements.MoveNext())
            width += elements.GetTextElement()[0] >= FirstWide ? 1.1 : 0.64;
        return width * size;
    }

    /// <summary>A text of at most a number of characters; a longer one ends in …</summary>
    internal static string Truncate(string text, int max)
    {
        var info = new StringInfo(text);
        return info.LengthInTextElements <= max ? text : info.SubstringByTextElements(0, max - 1) + "…";
    }
}
