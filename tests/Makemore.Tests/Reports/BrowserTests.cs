using System.Text.Json;

namespace Makemore.Tests;

/// <summary>Reports in a browser.</summary>
public sealed class BrowserTests
{
    // Only a browser can detect texts outside their chart, overlapping tick labels, and marks without a size.
    private const string Measure =
        """
        const outside = [], overlapping = [], letters = [];
        const charts = [...document.querySelectorAll("figure.chart")].map(figure => {
          const svg = figure.querySelector(".plot svg"), area = svg.getBoundingClientRect();
          const texts = [...svg.querySelectorAll("text")].map(text => [text, text.getBoundingClientRect()]);
          for (const [text, box] of texts)
            if (box.left < area.left - 1 || box.right > area.right + 1 || box.top < area.top - 1 || box.bottom > area.bottom + 1)
              outside.push(figure.querySelector("h3").textContent + ": " + text.textContent);
          const scale = area.width / svg.viewBox.baseVal.width;
          letters.push(...texts.filter(([text]) => !text.matches(".number")).map(([text]) => parseFloat(getComputedStyle(text).fontSize) * scale));
          const ticks = texts.filter(([text]) => text.matches(".middle:not(.letter)"));
          ticks.forEach(([, box], i) => {
            const next = ticks[i + 1]?.[1];
            if (next && next.top < box.bottom && box.top < next.bottom && next.left < box.right && box.left < next.right)
              overlapping.push(figure.querySelector("h3").textContent + ": " + ticks[i][0].textContent + ticks[i + 1][0].textContent);
          });
          const marks = [...svg.querySelectorAll("[data-tip]")].map(mark => mark.getBoundingClientRect());
          return {
            title: figure.querySelector("h3").textContent, width: area.width, height: area.height, marks: marks.length,
            smallest: Math.min(...marks.map(box => Math.max(box.width, box.height))),
            rows: figure.querySelectorAll("tbody tr").length, label: svg.getAttribute("aria-label").length,
          };
        });
        const svg = document.querySelector(".plot svg"), mark = svg.querySelector("[data-tip]"), tip = document.getElementById("tip");
        mark.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX: 50, clientY: 50 }));
        const pointed = !tip.hidden && tip.textContent === mark.dataset.tip;
        svg.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, key: "ArrowRight" }));
        const reached = !tip.hidden && tip.textContent === svg.querySelectorAll("[data-tip]")[1].dataset.tip;
        const light = color => color.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 765;
        const style = getComputedStyle(document.body);
        return {
          charts, outside, overlapping, letter: Math.min(...letters), pointed,
          verdict: document.querySelector("#all-results tbody td:nth-child(3)")?.getBoundingClientRect().right ?? 0, reached, page: light(style.backgroundColor), text: light(style.color),
          overflow: document.documentElement.scrollWidth - innerWidth, width: innerWidth,
        };
        """;

    public static TheoryData<string, int, bool> Views => new()
    {
        { "transformer", 1280, false },
        { "transformer", 390, true },
        { "mlp", 390, false },
        { "mlp", 1280, true },
        { "bigram", 1280, true },
        { "bigram", 390, false },
        { ReportFiles.Comparison, 1280, false },
        { ReportFiles.Comparison, 390, true },
    };

    [BrowserTheory]
    [MemberData(nameof(Views))]
    public void Report_InABrowser_ShowsEverything(string script, int width, bool isDark)
    {
        var page = Browser.Open(ReportFiles.Of(script), Measure, width, isDark);
        Assert.Equal([], page.Messages);
        Assert.Equal([], page.Requests);
        var found = page.Probe;
        Assert.Equal(width, found.GetProperty("width").GetInt32());
        Assert.True(found.GetProperty("overflow").GetInt32() <= 0);
        Assert.Equal(isDark, found.GetProperty("page").GetDouble() < 0.2);
        Assert.InRange(Math.Abs(found.GetProperty("page").GetDouble() - found.GetProperty("text").GetDouble()), 0.7, 1);
        Assert.True(found.GetProperty("pointed").GetBoolean());
        Assert.True(found.GetProperty("reached").GetBoolean());
        Assert.InRange(found.GetProperty("letter").GetDouble(), 10.5, 24);
        Assert.InRange(found.GetProperty("verdict").GetDouble(), 0, width);
        Assert.Equal([], Texts(found, "outside"));
        Assert.Equal([], Texts(found, "overlapping"));
        Assert.NotEmpty(found.GetProperty("charts").EnumerateArray());
        Assert.All(found.GetProperty("charts").EnumerateArray(), chart =>
        {
            Assert.InRange(chart.GetProperty("width").GetDouble(), 100, 1280);
            Assert.InRange(chart.GetProperty("height").GetDouble(), 30, 3000);
            Assert.InRange(chart.GetProperty("smallest").GetDouble(), 0.3, 1280);
            Assert.True(chart.GetProperty("marks").GetInt32() > 0);
            Assert.True(chart.GetProperty("rows").GetInt32() > 0);
            Assert.True(chart.GetProperty("label").GetInt32() > 20);
        });
    }

    /// <summary>The test above could fail: errors and requests are detected.</summary>
    [BrowserFact]
    public void Browser_BadPage_ReportsErrorsAndRequests()
    {
        var page = Browser.Open(
            """<!DOCTYPE html><body><img src="http://example.invalid/x.png"><script>console.error("oops")</script>""", "return 1;");
        Assert.Contains("oops", Assert.Single(page.Messages, line => line.Contains("oops", StringComparison.Ordinal)));
        Assert.Contains("http://example.invalid/x.png", page.Requests);
    }

    /// <summary>The content security policy prevents requests even if something slipped in.</summary>
    [BrowserFact]
    public void Report_WithExternalImage_DoesNotRequestIt()
    {
        var report = ReportFiles.Of("bigram").Replace("<main>", "<main><img src=\"http://example.invalid/x.png\">");
        var page = Browser.Open(report, "return 1;");
        Assert.Equal([], page.Requests);
        Assert.Contains("Content Security Policy", Assert.Single(page.Messages));
    }

    private static IEnumerable<string> Texts(JsonElement found, string name) =>
        found.GetProperty(name).EnumerateArray().Select(text => text.GetString()!);
}
