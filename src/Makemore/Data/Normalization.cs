using System.Globalization;
using System.Text;

namespace Makemore;

/// <summary>
/// Unicode normalization form C, in which a letter and its accents are one code point where there is one: Unicode Standard
/// Annex 15. Texts that are canonically equivalent become equal.
/// </summary>
/// <remarks>The framework's own normalization is that of a library of the system, and does nothing where there is none.</remarks>
internal static class Normalization
{
    // The syllables of Hangul by arithmetic: the Unicode Standard, section 3.12.
    private const int FirstSyllable = 0xAC00, FirstLead = 0x1100, FirstVowel = 0x1161, BeforeTrail = 0x11A7,
        Leads = 19, Vowels = 21, Trails = 28;

    private static readonly Lazy<Tables> Unicode = new(ReadTables);

    /// <summary>The text in form C; the same object if it is in that form already.</summary>
    public static string Compose(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange(TextElements.FirstCombining, char.MaxValue))
            return text;
        var tables = Unicode.Value;
        if (text.EnumerateRunes().All(rune => !tables.MayChange.Contains(rune.Value)))
            return text;
        var codes = new List<int>();
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, codes, tables);
        return string.Concat(Composed(codes, tables).Select(code => new Rune(code).ToString()));
    }

    /// <summary>Appends the full decomposition of a code point, with the marks of each character in the order of their
    /// classes.</summary>
    private static void Decompose(int code, List<int> codes, Tables tables)
    {
        var syllable = code - FirstSyllable;
        if (tables.Parts.TryGetValue(code, out var parts))
            foreach (var part in parts)
                Decompose(part, codes, tables);
        else if (syllable is >= 0 and < Leads * Vowels * Trails)
        {
            codes.Add(FirstLead + (syllable / (Vowels * Trails)));
            codes.Add(FirstVowel + (syllable / Trails % Vowels));
            if (syllable % Trails > 0)
                codes.Add(BeforeTrail + (syllable % Trails));
        }
        else
        {
            var (place, order) = (codes.Count, tables.ClassOf(code));
            while (order > 0 && place > 0 && tables.ClassOf(codes[place - 1]) > order)
                place--;
            codes.Insert(place, code);
        }
    }

    /// <summary>Composes each character with the last one of class 0 before it, unless another mark of the same or a higher class
    /// is between them.</summary>
    private static List<int> Composed(List<int> codes, Tables tables)
    {
        var (composed, starter, between) = (new List<int>(), -1, -1);
        foreach (var code in codes)
        {
            var order = tables.ClassOf(code);
            if (starter >= 0 && between < order && tables.Composite(composed[starter], code) is { } composite)
            {
                composed[starter] = composite;
                continue;
            }
            (starter, between) = order == 0 ? (composed.Count, -1) : (starter, order);
            composed.Add(code);
        }
        return composed;
    }

    private static Tables ReadTables()
    {
        using var resource = typeof(Normalization).Assembly.GetManifestResourceStream("Normalization.txt")!;
        using var reader = new StreamReader(resource);
        var (parts, pairs, classes) = (new Dictionary<int, int[]>(), new Dictionary<(int, int), int>(), new Dictionary<int, int>());
        while (reader.ReadLine() is { } line)
            switch (line.Split(' '))
            {
                case ["compose", var code, var first, var second]:
                    parts.Add(Code(code), [Code(first), Code(second)]);
                    pairs.Add((Code(first), Code(second)), Code(code));
                    break;
                case ["decompose", var code, .. var rest]:
                    parts.Add(Code(code), Array.ConvertAll(rest, Code));
                    break;
                case ["class", var first, var last, var order]:
                    for (var code = Code(first); code <= Code(last); code++)
                        classes.Add(code, int.Parse(order, CultureInfo.InvariantCulture));
                    break;
            }
        return new(parts, pairs, classes);
    }

    private static int Code(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Unicode's tables.</summary>
    /// <param name="Parts">The code points that a code point decomposes into, in one step.</param>
    /// <param name="Pairs">The code points that pairs compose to.</param>
    /// <param name="Classes">The canonical combining classes that are not 0.</param>
    private sealed record Tables(Dictionary<int, int[]> Parts, Dictionary<(int, int), int> Pairs, Dictionary<int, int> Classes)
    {
        /// <summary>The code points that may not be in form C, alone or after others.</summary>
        public HashSet<int> MayChange { get; } =
        [
            .. Parts.Keys.Except(Pairs.Values), .. Pairs.Keys.Select(pair => pair.Item2), .. Classes.Keys,
            .. Enumerable.Range(FirstVowel, Vowels), .. Enumerable.Range(BeforeTrail + 1, Trails - 1),
        ];

        public int ClassOf(int code) => Classes.GetValueOrDefault(code);

        public int? Composite(int first, int second)
        {
            var (lead, vowel, syllable, trail) =
                (first - FirstLead, second - FirstVowel, first - FirstSyllable, second - BeforeTrail);
            if (lead is >= 0 and < Leads && vowel is >= 0 and < Vowels)
                return FirstSyllable + (((lead * Vowels) + vowel) * Trails);
            if (syllable is >= 0 and < Leads * Vowels * Trails && syllable % Trails == 0 && trail is > 0 and < Trails)
                return first + trail;
            return Pairs.TryGetValue((first, second), out var composite) ? composite : null;
        }
    }
}
