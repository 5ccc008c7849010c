using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Makemore.Tests;

/// <summary>Reports from values, without a run.</summary>
public sealed partial class RunReportTests
{
    private static readonly Vocabulary Abc = Vocabulary.FromElements(["a", "b", "<"]).Value();

    private static readonly ModelCard Card = new("toy", Abc, 6, ImmutableSortedDictionary<string, string>.Empty, "toy.csx", "");

    private static readonly RunReport Bare = new(Card, [new("wte", Tensor.Of([1f, 0, 0, 1, 2, 2, 3, 1], [4, 2]))]);

    /// <summary>Reports with one more section, by its title.</summary>
    private static readonly Dictionary<string, RunReport> More = new()
    {
        ["Learning curves"] = Bare with
        {
            Curves = new(
                new(0, 3.3, 3.2), [new(5, 3.2), new(10, 2.2)],
                [new(5, 3, "test", 3.1, 0.1, 0.01, 1, 2, 3), new(10, 2, "test", 2.1, 0.1, 0.01, 1, 2, 3)]),
        },
        ["Pairs"] = Bare with
        {
            Pairs = [("counts", new long[,] { { 1, 2, 3, 4 }, { 5, 6, 7, 8 }, { 9, 8, 7, 6 }, { 5, 4, 3, 2 } })],
        },
        ["Attention"] = Bare with { Word = [0, 3], Maps = [new(0, 0, 2, [1, 0, 0.25f, 0.75f])] },
        ["Diagnosis"] = Bare with { Snapshots = [new(1, [new("mlp.0", "tanh", 0, 1, 0.2)], [new("w.weight", true, 0, 1, 1, -3)])] },
        ["Tokens of a passage"] = Bare with { Passage = [1, 2, 0, 3] },
        ["Samples"] = Bare with { Samples = new(["ab"], [], ["b<"], []) },
    };

    public static TheoryData<string> Sections => [.. More.Keys];

    [Fact]
    public void Report_ModelOnly_HasEmbeddingsAndParameters() =>
        Assert.Equal(["Character embeddings", "Parameters"], Titles(Bare));

    [Theory]
    [MemberData(nameof(Sections))]
    public void Report_MoreData_HasItsSection(string section) =>
        Assert.Equal([section], Titles(More[section]).Except(Titles(Bare)));

    [Fact]
    public void Pairs_Counts_AreAllShown()
    {
        var html = More["Pairs"].ToReport().ToHtml();
        Assert.Contains("data-tip=\". → a: 2\"", html);
        Assert.Contains("data-tip=\"&lt; → b: 3\"", html);
        Assert.Equal(16, Regex.Count(html, "data-tip=\"\\S+ → \\S+: "));
    }

    [Fact]
    public void Tokens_OfAPassage_AreInOrder() => Assert.Contains(
        "<ol><li><bdi>a</bdi></li><li><bdi>b</bdi></li><li><bdi>.</bdi></li><li><bdi>&lt;</bdi></li></ol>",
        More["Tokens of a passage"].ToReport().ToHtml());

    [Fact]
    public void Attention_LaterPositions_AreNotShown()
    {
        var html = More["Attention"].ToReport().ToHtml();
        Assert.Contains("data-tip=\"&lt; → .: 0.25\"", html);
        Assert.DoesNotContain("data-tip=\". → &lt;", html);
    }

    [Fact]
    public void Embeddings_SeveralMatrices_AreThoseOfWte()
    {
        var other = new Leaf("first", Tensor.Of([1f, 1, 1, 1, 2, 2, 2, 2], [4, 2]));
        Assert.Contains("<h3>wte in two dimensions</h3>", (Bare with { Leaves = [other, .. Bare.Leaves] }).ToReport().ToHtml());
        Assert.Contains("<h3>first in two dimensions</h3>", (Bare with { Leaves = [other] }).ToReport().ToHtml());
    }

    [Fact]
    public void Pairs_LargeVocabulary_ShowsTheMostFrequentCharacters()
    {
        var many = Vocabulary.FromElements(Enumerable.Range(0, 100).Select(i => $"{(char)('\u4e00' + i)}")).Value();
        var counts = new long[101, 101];
        for (var token = 0; token <= 100; token++)
            counts[token, token] = token;
        var section = Makemore.Sections.Pairs("counts", many, counts);
        var chart = Assert.IsType<HeatmapChart>(Assert.Single(section.Blocks));
        Assert.Equal(Enumerable.Range(61, 40).Select(many.Show), chart.Rows);
        Assert.EndsWith("Only the 40 most frequent of 101 characters are shown.", section.Explanation);
    }

    [Fact]
    public void Diagnosis_Snapshots_HaveVerdictsHistogramsAndUnits()
    {
        ActivationRow saturated = new("mlp.0", "tanh", 0, 1, 0.9)
        {
            Histogram = new(-1, 1, [0.5, 0.5]),
            SaturatedUnits = [100, 80],
        };
        Diagnosis[] snapshots = [new(1, [saturated], [new("w.weight", true, 0, 1, 1, -3)])];
        var html = (Bare with { Snapshots = [.. snapshots], Verdicts = DiagnosisTable.Of(snapshots) }).ToReport().ToHtml();
        Assert.Contains("<th scope=\"row\">mlp.0 tanh<td class=\"t\">saturated", html);
        Assert.Contains("<th scope=\"row\">w.weight<td class=\"t\">healthy", html);
        Assert.Contains("data-tip=\"mlp.0 tanh: 50 at output of the activation function -0.5\"", html);
        Assert.Contains("class=\"m dead\" data-tip=\"mlp.0 tanh, unit 0: saturated at 100 %\"", html);
    }

    private static IEnumerable<string> Titles(RunReport report) =>
        SectionTitle().Matches(report.ToReport().ToHtml()).Select(match => match.Groups[1].Value);

    [GeneratedRegex("<h2>(.*?)</h2>")]
    private static partial Regex SectionTitle();
}
