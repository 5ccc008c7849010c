using System.Collections.Immutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Makemore.Tests;

public sealed class ChartTests
{
    private const string Awkward = "<b a='1'>&\"x\u0001é👩‍👩‍👧";

    private static readonly ImmutableArray<string> ThreeNames = ["a", Awkward, "محمد"];

    /// <summary>A chart of each kind with awkward texts, and the values that it must show.</summary>
    private static readonly Dictionary<string, (Figure Chart, double[] Values)> Charts = new()
    {
        ["lines"] = (
            new LineChart(Awkward, "step", "loss",
            [
                new(Awkward, [new(1, 2.5), new(2, double.NaN), new(3, 2.25, 0.125)]),
                new("rule", [new(1, 2), new(3, 2)], IsReference: true),
            ]), [2.5, 2.25]),
        ["vertical bars"] = (
            new BarChart("t", "c", "v", ["a", "b", "c"], [new("x", [1, double.NaN, 3], [0.5, 0.5, 0.5])]), [1, 3]),
        ["horizontal bars"] = (
            new BarChart(
                "t", "c", "v", [Awkward, new string('w', 40), new string('x', 40), new string('y', 40)],
                [new("x", [1, -2, 3, 4]), new("y", [5, 6, 7, 8])]),
            [1, -2, 3, 4, 5, 6, 7, 8]),
        ["dots"] = (
            new BarChart("t", "c", "v", ThreeNames, [new("x", [101, 102, 103], [1, 1, 1])]) { IsFromZero = false }, [101, 102, 103]),
        ["points"] = (
            new ScatterChart("t", "x", "y", [new(Awkward, 1, 11, 0.5, 0.5), new("b", 2, 12), new("c", 3, double.NaN)]), [11, 12]),
        ["letters"] = (new ScatterChart("t", "x", "y", [new(" ", 1, 11), new("<", 2, 12)]) { IsLettered = true }, [11, 12]),
        ["heatmap"] = (
            new HeatmapChart("t", "r", "c", "n", ThreeNames, [" ", "b"], [1, 2, 3, double.NaN, 5, 6])
            {
                HasValues = true,
                IsRootScaled = true,
            },
            [1, 2, 3, 5, 6]),
        ["small heatmap"] = (
            new HeatmapChart("t", "r", "c", "n", ThreeNames, ["x"], [0.25, 0, 1]) { IsOneOfMany = true }, [0.25, 0, 1]),
    };

    public static TheoryData<string> Kinds => [.. Charts.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ToSvg_Chart_HasAMarkPerFiniteValue(string kind)
    {
        var (chart, values) = Charts[kind];
        var svg = XElement.Parse(chart.ToSvg());
        var tips = svg.Descendants().Select(mark => (string?)mark.Attribute("data-tip")).OfType<string>().ToArray();
        Assert.Equal(values.Length, tips.Length);
        Assert.All(values, value => Assert.Contains(tips, text => Has(text, Html.Number(value))));
        Assert.DoesNotContain("NaN", svg.ToString());
        Assert.Equal("img", (string?)svg.Attribute("role"));
        Assert.Equal(chart.Description.Replace('\u0001', '␁'), svg.Element("desc")!.Value);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Data_Chart_HasEveryValue(string kind)
    {
        var (chart, values) = Charts[kind];
        var cells = chart.Data.Rows.SelectMany(row => row).ToArray();
        Assert.All(chart.Data.Rows, row => Assert.Equal(chart.Data.Columns.Length, row.Length));
        Assert.All(values, value => Assert.Contains(cells, cell => Has(cell, Html.Number(value))));
        Assert.Contains("<details>", chart.ToHtml());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ToHtml_TextsThatLookLikeMarkup_AreEscaped(string kind)
    {
        var html = Charts[kind].Chart.ToHtml();
        Assert.DoesNotContain("<b ", html);
        Assert.DoesNotContain("&\"", html);
        Assert.DoesNotContain('\u0001', html);
    }

    [Fact]
    public void Bar_TwiceTheValue_IsTwiceAsLong()
    {
        var svg = XElement.Parse(new BarChart("t", "c", "v", ["a", "b"], [new("x", [2, 4])]).ToSvg());
        var heights = svg.Elements("rect").Select(bar => (double)bar.Attribute("height")!).ToArray();
        Assert.Equal(2, heights[1] / heights[0], 0.001);
    }

    [Fact]
    public void ErrorBar_Point_IsDrawnToScale()
    {
        var svg = XElement.Parse(new LineChart("t", "x", "y", [new("a", [new(0, 0), new(1, 4, 1)])]).ToSvg());
        var dots = svg.Elements("circle").Select(dot => (double)dot.Attribute("cy")!).ToArray();
        var error = svg.Elements("path").Single(path => ((string)path.Attribute("class")!).Contains("error"));
        var ends = ((string)error.Attribute("d")!).Split(' ', 'V').Skip(1).Select(double.Parse).ToArray();
        Assert.Equal((dots[0] - dots[1]) / 4, (ends[0] - ends[1]) / 2, 0.02);
    }

    [Fact]
    public void Heatmap_LargerValue_HasADarkerShade()
    {
        var svg = XElement.Parse(new HeatmapChart("t", "r", "c", "n", ["a"], ["x", "y", "z"], [0, 50, 100]).ToSvg());
        Assert.Equal(["m q0", "m q6", "m q11"], svg.Elements("rect").Select(cell => (string)cell.Attribute("class")!));
    }

    [Fact]
    public void Labels_CrowdedPoints_DoNotOverlap()
    {
        var points = Enumerable.Range(0, 6).Select(i => (X: 100 + (3.0 * i), Y: 100 + (5.0 * (i % 2)))).ToArray();
        // The picture ends where the labels would be placed first.
        var boxes = LabelPlacement.Of(points, [.. points.Select(_ => 40.0)], 130);
        Assert.All(points, point => Assert.DoesNotContain(
            boxes, box => Math.Abs(box.X + 20 - point.X) < 24 && Math.Abs(box.Y - 3 - point.Y) < 9));
        var touching =
            from i in Enumerable.Range(0, boxes.Length)
            from j in Enumerable.Range(0, i)
            where Math.Abs(boxes[i].X - boxes[j].X) < 40 && Math.Abs(boxes[i].Y - boxes[j].Y) < 12
            select (i, j);
        Assert.Empty(touching);
    }

    /// <summary>Whether a text contains a number as a whole.</summary>
    private static bool Has(string text, string number) => Regex.IsMatch(text, $@"(?<![\d.-]){Regex.Escape(number)}(?![\d.])");
}
