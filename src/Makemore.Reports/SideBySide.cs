using System.Collections.Immutable;
using static Makemore.Html;

namespace Makemore;

/// <summary>Models that run in the page, side by side on the same text.</summary>
/// <param name="Models">The name of each, and the model as the JSON of a <see cref="Player"/>.</param>
internal sealed record SideBySide(ImmutableArray<(string Name, string Json)> Models) : IBlock
{
    private static readonly Lazy<string> Script = new(() => Report.Embedded("model.js") + Report.Embedded("side.js"));

    /// <inheritdoc/>
    public bool IsEmpty => Models.Length < 2;

    /// <inheritdoc/>
    public string ToHtml() =>
        $"""
        <div id="side" class="play" hidden>
        <p><label for="side-text">The beginning of a word</label>
        <input id="side-text" type="text" autocomplete="off" autocapitalize="off" spellcheck="false"></p>
        <p data-play="note" role="status"></p>
        <div class="scroll side" tabindex="0" role="region" aria-label="What comes next">
        <table><thead><tr><th scope="col">next{string.Concat(Models.Select(model => $"<th scope=\"col\">{Escape(model.Name)}"))}</thead><tbody></tbody></table></div>
        </div>
        <noscript>The models run in JavaScript, which is switched off.</noscript>
        <script type="application/json" id="models">[{string.Join(',', Models.Select(model => model.Json))}]</script>
        <script>
        {Script.Value}</script>

        """;
}
