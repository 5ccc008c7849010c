using System.Collections.Immutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Makemore.Tests;

public sealed class ChartTests
{
    private const string Odd = "<b a='1'>&\"x\u0001é👩‍👩‍👧";

    private static readonly ImmutableArray<string> ThreeNames = ["a", Odd, "محمد"];

    /// <summary>A chart of each kind that says odd things, with the numbers that have to be found in it.</summary>
    private static readonly Dictionary<string, (Figure Chart, double[] Numbers)> Charts = new()
    {
        ["lines"] = (
            new LineChart(Odd, "step", "loss",
            [
                new(Odd, [new(1, 2.5), new(2, double.NaN), new(3, 2.25, 0.125)]),
                new("rule", [new(1, 2), new(3, 2)], IsReference: true),
            ]), [2.5, 2.25]),
        ["standing bars"] = (
            new BarChart("t", "c", "v", ["a", "b", "c"], [new("x", [1, double.NaN, 3], [0.5, 0.5, 0.5])]), [1, 3]),
        ["lying bars"] = (
            new BarChart(
                "t", "c", "v", [Odd, new string('w', 40), new string('x', 40), new string('y', 40)],
                [new("x", [1, -2, 3, 4]), new("y", [5, 6, 7, 8])]),
            [1, -2, 3, 4, 5, 6, 7, 8]),
        ["dots"] = (
            new BarChart("t", "c", "v", ThreeNames, [new("x", [101, 102, 103], [1, 1, 1])]) { IsFromZero = false }, [101, 102, 103]),
        ["points"] = (
            new ScatterChart("t", "x", "y", [new(Odd, 1, 11, 0.5, 0.5), new("b", 2, 12), new("c", 3, double.NaN)]), [11, 12]),
        ["letters"] = (new ScatterChart("t", "x", "y", [new(" ", 1, 11), new("<", 2, 12)]) { IsLettered = true }, [11, 12]),
        ["heat"] = (
            new HeatmapChart("t", "r", "c", "n", ThreeNames, [" ", "b"], [1, 2, 3, double.NaN, 5, 6])
            {
                HasNumbers = true,
                IsRooted = true,
            },
            [1, 2, 3, 5, 6]),
        ["small heat"] = (
            new HeatmapChart("t", "r", "c", "n", ThreeNames, ["x"], [0.25, 0, 1]) { IsOneOfMany = true }, [0.25, 0, 1]),
    };

    public static TheoryData<string> Kinds => [.. Charts.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Svg_HasAMarkForEachNumber_AndNothingThatIsNone(string kind)
    {
        var (chart, numbers) = Charts[kind];
        var svg = XElement.Parse(chart.ToSvg());
        var said = svg.Descendants().Select(mark => (string?)mark.Attribute("data-tip")).OfType<string>().ToArray();
        Assert.Equal(numbers.Length, said.Length);
        Assert.All(numbers, number => Assert.Contains(said, text => Has(text, Html.Number(number))));
        Assert.DoesNotContain("NaN", svg.ToString());
        Assert.Equal("img", (string?)svg.Attribute("role"));
        Assert.Equal(chart.Description.Replace('\u0001', '␁'), svg.Element("desc")!.Value);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Table_BehindAChart_HasEachNumber(string kind)
    {
        var (chart, numbers) = Charts[kind];
        var cells = chart.Data.Rows.SelectMany(row => row).ToArray();
        Assert.All(chart.Data.Rows, row => Assert.Equal(chart.Data.Columns.Length, row.Length));
        Assert.All(numbers, number => Assert.Contains(cells, cell => Has(cell, Html.Number(number))));
        Assert.Contains("<details>", chart.ToHtml());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Texts_OfAChart_AreNoMarkup(string kind)
    {
        var html = Charts[kind].Chart.ToHtml();
        Assert.DoesNotContain("<b ", html);
        Assert.DoesNotContain("&\"", html);
        Assert.DoesNotContain('\u0001', html);
    }

    [Fact]
    public void Bar_OfTwiceTheNumber_IsTwiceAsLong()
    {
        var svg = XElement.Parse(new BarChart("t", "c", "v", ["a", "b"], [new("x", [2, 4])]).ToSvg());
        var heights = svg.Elements("rect").Select(bar => (double)bar.Attribute("height")!).ToArray();
        Assert.Equal(2, heights[1] / heights[0], 0.001);
    }

    [Fact]
    public void Error_OfAPoint_IsDrawnToScale()
    {
        var svg = XElement.Parse(new LineChart("t", "x", "y", [new("a", [new(0, 0), new(1, 4, 1)])]).ToSvg());
        var dots = svg.Elements("circle").Select(dot => (double)dot.Attribute("cy")!).ToArray();
        var error = svg.Elements("path").Single(path => ((string)path.Attribute("class")!).Contains("error"));
        var ends = ((string)error.Attribute("d")!).Split(' ', 'V').Skip(1).Select(double.Parse).ToArray();
        Assert.Equal((dots[0] - dots[1]) / 4, (ends[0] - ends[1]) / 2, 0.02);
    }

    [Fact]
    public void Heat_OfALargerNumber_IsDeeper()
    {
        var svg = XElement.Parse(new HeatmapChart("t", "r", "c", "n", ["a"], ["x", "y", "z"], [0, 50, 100]).ToSvg());
        Assert.Equal(["m q0", "m q6", "m q11"], svg.Elements("rect").Select(cell => (string)cell.Attribute("class")!));
    }

    [Fact]
    public void Names_BesideCrowdedPoints_LieOnNoOther()
    {
        var points = Enumerable.Range(0, 6).Select(i => (X: 100 + (3.0 * i), Y: 100 + (5.0 * (i % 2)))).ToArray();
        // The picture ends where the names would stand first.
        var boxes = LabelPlaces.Of(points, [.. points.Select(_ => 40.0)], 130);
        Assert.All(points, point => Assert.DoesNotContain(
            boxes, box => Math.Abs(box.X + 20 - point.X) < 24 && Math.Abs(box.Y - 3 - point.Y) < 9));
        var touching =
            from i in Enumerable.Range(0, boxes.Length)
            from j in Enumerable.Range(0, i)
            where Math.Abs(boxes[i].X - boxes[j].X) < 40 && Math.Abs(boxes[i].Y - boxes[j].Y) < 12
            select (i, j);
        Assert.Empty(touching);
    }

    /// <summary>Whether a number stands in a text as a whole.</summary>
    private static bool Has(string text, string number) => Regex.IsMatch(text, $@"(?<![\d.-]){Regex.Escape(number)}(?![\d.])");
}
