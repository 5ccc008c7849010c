using System.Globalization;
using System.Text;

namespace Makemore;

/// <summary>Texts and numbers as they stand in HTML and SVG.</summary>
public static class Html
{
    private const char FirstControlPicture = '\u2400', DeletePicture = '\u2421', FirstWide = '\u1100';

    /// <summary>A text in which nothing is markup, for elements and for attributes in double quotes. Control characters,
    /// which HTML has no place for, become their pictures.</summary>
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

    /// <summary>One token as a label that a person can see: a space is drawn, all else is as it is.</summary>
    public static string Letter(string token) => string.IsNullOrWhiteSpace(token) ? "␣" : token;

    /// <summary>A word kept apart from the text around it, so that one that is read from right to left turns nothing else
    /// round: Unicode Standard Annex 9, first strong isolate.</summary>
    public static string Isolate(string word) => $"\u2068{word}\u2069";

    /// <summary>A number for a person: whole ones with commas, others with four digits after the point, small ones with a
    /// power of ten; a dash for what is no number.</summary>
    public static string Number(double value) => value switch
    {
        double.NaN => "–",
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "-∞",
        _ => Numbers.Show(value, Format(value)),
    };

    /// <summary>A number and its standard error, where there is one.</summary>
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

    /// <summary>About how wide a text is at a size of its letters, in the same units. From Hangul's first letters on, most
    /// characters are as wide as high, emoji too.</summary>
    internal static double Width(string text, double size)
    {
        var (width, elements) = (0.0, StringInfo.GetTextElementEnumerator(text));
        while (elements.MoveNext())
            width += elements.GetTextElement()[0] >= FirstWide ? 1.1 : 0.64;
        return width * size;
    }

    /// <summary>A text cut after so many characters, with a mark where it was.</summary>
    internal static string Short(string text, int most)
    {
        var info = new StringInfo(text);
        return info.LengthInTextElements <= most ? text : info.SubstringByTextElements(0, most - 1) + "…";
    }
}
