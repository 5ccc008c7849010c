using System.Text.RegularExpressions;

namespace Makemore.Tests;

public sealed class ReportTests
{
    private static readonly Section Words =
        new("What <it> makes", "Words & more.", [new WordList("new", ["<script>alert(1)</script>", "אבא"])]);

    private static readonly Report Small = new("a<b", "c&d", [("loss", "2.0 ± 0.1"), ("\"x\"", "1")], [Words]);

    [Fact]
    public void ToHtml_Page_HasNoExternalReferences()
    {
        var html = Small.ToHtml();
        Assert.Contains("default-src 'none'", html);
        Assert.DoesNotContain("http:", html);
        Assert.DoesNotContain("https:", html);
        Assert.DoesNotContain("url(", html);
        Assert.DoesNotContain(" src=", html);
    }

    [Fact]
    public void ToHtml_TextsThatLookLikeMarkup_AreEscaped()
    {
        var html = Small.ToHtml();
        Assert.Contains("<title>a&lt;b</title>", html);
        Assert.Contains("<bdi>&lt;script&gt;alert(1)&lt;/script&gt;</bdi>", html);
        Assert.Contains("<h2>What &lt;it&gt; makes</h2>", html);
        Assert.Contains("<dt>&quot;x&quot;</dt>", html);
    }

    [Fact]
    public void ToHtml_EmptySections_AreLeftOut()
    {
        Section[] empty =
        [
            new("Lines", "", [new LineChart("t", "x", "y", [new("rule", [new(0, 1)], IsReference: true)])]),
            new("Bars", "", [new BarChart("t", "c", "v", ["a"], [new("x", [double.NaN])])]),
            new("Points", "", [new ScatterChart("t", "x", "y", [])]),
            new("Heat", "", [new HeatmapChart("t", "r", "c", "n", [], [], [])]),
            new("Table", "", [new DataTable("t", ["a"], [])]),
        ];
        var html = (Small with { Sections = [.. empty, Words] }).ToHtml();
        Assert.Equal(Small.ToHtml(), html);
    }

    /// <summary>No tile is alone in its row: halves are in pairs, or three of them side by side.</summary>
    [Theory]
    [InlineData(1, "12")]
    [InlineData(2, "6 6")]
    [InlineData(3, "4 4 4")]
    [InlineData(4, "6 6 6 6")]
    [InlineData(5, "4 4 4 6 6")]
    public void Section_OfTiles_LeavesNoHole(int tiles, string spans)
    {
        var html = new Section("s", "", [.. Enumerable.Repeat(new WordList("w", ["a"]), tiles)]).ToHtml();
        Assert.Equal(spans, string.Join(' ', Regex.Matches(html, "<div class=\"span(\\d+)\"").Select(match => match.Groups[1].Value)));
        Assert.Equal(tiles == 1, html.Contains(" class=\"single\">", StringComparison.Ordinal));
    }

    [Fact]
    public void DataTable_Columns_AreOfTextOrOfNumbers()
    {
        var html = new DataTable("", ["run", "verdict", "time"], [["a", "", "counted"], ["b", "better by 0.1", "34.2%"]]).ToHtml();
        Assert.Contains("<th scope=\"col\" class=\"t\">verdict<th scope=\"col\">time", html);
        Assert.Contains("<td class=\"t\"><td>counted\n", html);
    }

    [Fact]
    public void UnitMap_DeadUnits_AreMarkedAndCounted()
    {
        var map = new UnitMap("units", "saturated at", [new("h tanh", [0, 99, 100])]);
        Assert.Contains("class=\"m dead\" data-tip=\"h tanh, unit 2: saturated at 100 %\"", map.ToSvg());
        Assert.Equal("h tanh 3 99 100 1", string.Join(' ', Assert.Single(map.Data.Rows)));
    }

    [Fact]
    public void ToHtml_SameData_IsTheSame() => Assert.Equal(Small.ToHtml(), (Small with { }).ToHtml());

    [Fact]
    public void Write_AFewLinesOfCode_MakeAPage()
    {
        var loss = new LineChart("Loss", "step", "nats", [new("train", [new(0, 3.3), new(100, 2.5)])]);
        var path = Path.Combine(Directory.CreateTempSubdirectory("makemore-report-").FullName, "mine.html");
        new Report("mine", "", [], [new("Learning", "Lower is better.", [loss])]).Write(path).Value();
        Assert.Contains("<svg", File.ReadAllText(path));
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }
}
