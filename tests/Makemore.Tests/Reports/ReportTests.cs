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
