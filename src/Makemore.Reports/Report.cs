using System.Collections.Immutable;
using System.Text;
using LanguageExt;
using static Makemore.Html;

namespace Makemore;

/// <summary>A page of charts, tables and words in one self-contained HTML file: its styles and its script are inline, and its
/// content security policy forbids all network requests.</summary>
/// <param name="Title">The title.</param>
/// <param name="Introduction">A sentence below the title.</param>
/// <param name="Facts">Key figures at the top, by name.</param>
/// <param name="Sections">The sections; empty ones are left out.</param>
public sealed record Report(
    string Title, string Introduction, ImmutableArray<(string Name, string Value)> Facts, ImmutableArray<Section> Sections)
{
    /// <summary>The page may use its inline styles and script, and nothing else (W3C: "Content Security Policy Level
    /// 3"). It tells a report from other pages, too.</summary>
    internal const string Policy =
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

    private static readonly Lazy<string> Styles = new(() => Embedded("report.css")), Script = new(() => Embedded("report.js"));

    /// <summary>The page as HTML.</summary>
    public string ToHtml()
    {
        var shown = Sections.Where(section => !section.IsEmpty).ToArray();
        var links = string.Concat(shown.Select(section => $"<li><a href=\"#{section.Anchor}\">{Escape(section.Title)}</a></li>"));
        var sections = Task.WhenAll(shown.Select(section => Task.Run(section.ToHtml)));
        var facts = string.Concat(Facts.Select(fact => $"<div><dt>{Escape(fact.Name)}</dt><dd>{Escape(fact.Value)}</dd></div>"));
        return Page(
            Title, Policy,
            $"""
            <header>
            <h1>{Escape(Title)}</h1>
            <p>{Escape(Introduction)}</p>
            <dl class="facts">{facts}</dl>
            <nav aria-label="Sections"><ul>{links}</ul></nav>
            </header>
            <main>
            {string.Concat(sections.GetAwaiter().GetResult())}</main>
            """);
    }

    /// <summary>A page with the styles and the script of reports.</summary>
    /// <param name="title">The title.</param>
    /// <param name="policy">The content security policy.</param>
    /// <param name="body">What the page shows, as HTML.</param>
    /// <param name="head">Lines for the head before the title.</param>
    /// <param name="scripts">Scripts that run last, as HTML.</param>
    internal static string Page(string title, string policy, string body, string head = "", string scripts = "") =>
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="{policy}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        {head}<title>{Escape(title)}</title>
        <style>
        {Styles.Value}</style>
        </head>
        <body>
        {body}
        <div id="tip" role="status" hidden></div>
        <script>
        {Script.Value}</script>
        {scripts}</body>
        </html>

        """;

    /// <summary>Writes the page atomically.</summary>
    public Either<Fault, Unit> Write(string path) => Write(path, ToHtml());

    /// <summary>Writes a page given as HTML atomically.</summary>
    internal static Either<Fault, Unit> Write(string path, string html) =>
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(html)));

    /// <summary>A file that the library carries.</summary>
    internal static string Embedded(string name)
    {
        using var reader = new StreamReader(typeof(Report).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
