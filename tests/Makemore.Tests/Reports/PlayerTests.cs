using System.Collections.Immutable;
using System.Text.Json;
using Makemore.Tests.Script;
using Makemore.Tests.Scripts;

namespace Makemore.Tests;

/// <summary>Models that run in a page.</summary>
public sealed class PlayerTests
{
    private const double Exact = 1e-5;

    private static readonly string[] Prefixes =
    [
        .. File.ReadLines(Path.Combine(HostProcess.Repository, "data", "names.txt")).Take(50)
            .Select((word, i) => word[..Math.Min(word.Length, i % 8)]),
    ];

    // A page has one model; the others take its place in turn.
    private const string Probe =
        """
        return models.map(model => {
          document.getElementById("model").textContent = JSON.stringify(model);
          (0, eval)(source);
          return {
            next: prefixes.map(prefix => makemore.next(prefix)),
            drawn: draws.map(([text, temperature, k, mass, uniform]) => makemore.draw(text, { temperature, k, mass }, uniform)),
            nearest: makemore.nearest("emm"), layers: makemore.layers("em"),
            likeliest: ["em", "a".repeat(15)].map(makemore.likeliest),
          };
        });
        """;

    // Prefix, temperature, top-k (0 for all), top-p, uniform number.
    private static readonly (string Prefix, float Temperature, int TopK, float TopP, double Uniform)[] Draws =
    [
        .. from i in Enumerable.Range(0, 60)
           select (Prefixes[i % 50], new[] { 1f, 0.5f, 2f }[i % 3], new[] { 0, 1, 5 }[i / 3 % 3], new[] { 1f, 0.6f }[i % 2], i / 60.0),
    ];

    [BrowserFact]
    public void Model_OfEveryScript_GivesTheEnginesProbabilities()
    {
        var pages = new Pages();
        foreach (var script in ScriptFile.Trainable.Distinct())
            ScriptModel.Of(script).Check(pages);
        var first = new Player(pages.First!, NameBatches.Letters, WeightFormat.Float16) { Words = Pages.Words };
        var page = Browser.Open(
            "<!DOCTYPE html><body>" + first.ToHtml()
                + $"<script>const models = [{string.Join(',', pages.Models.Select(model => model.Json))}];"
                + $"const draws = {JsonSerializer.Serialize(Draws.Select(draw =>
                    new object[] { draw.Prefix, draw.Temperature, draw.TopK, draw.TopP, draw.Uniform }))};"
                + $"const prefixes = {JsonSerializer.Serialize(Prefixes)}, source = {JsonSerializer.Serialize(Report.Embedded("play.js"))};</script>",
            Probe);
        Assert.Equal([], page.Messages);
        Assert.Equal([], page.Requests);
        foreach (var (found, expected) in page.Probe.EnumerateArray().Zip(pages.Models))
        {
            var actual = Numbers(found.GetProperty("next")).ToArray();
            var difference = actual.Zip(expected.Probabilities, (a, b) => Math.Abs(a - b)).Max();
            Assert.True(difference <= expected.Within, $"{expected.Name}: off by {difference:g3}");
            if (expected.Within <= Exact)
                Assert.Equal(expected.Drawn, found.GetProperty("drawn").EnumerateArray().Select(token => token.GetInt32()));
            Assert.Equal("""[[1,"emma"],[1,"ema"],[6,"olivia"]]""", $"{found.GetProperty("nearest")}");
            foreach (var layer in found.GetProperty("layers").EnumerateObject())
                Difference.Assert(
                    $"{expected.Name} {layer.Name}", [.. layer.Value.EnumerateArray().Select(number => number.GetSingle())],
                    expected.Layer(layer.Name), 10 * expected.Within);
            var words = found.GetProperty("likeliest").EnumerateArray().ToArray();
            Assert.Equal(6, words[0].GetArrayLength());
            foreach (var likely in words.SelectMany(list => list.EnumerateArray()))
                Assert.Equal(
                    expected.Probability(likely.GetProperty("word").GetString()!), Math.Pow(2, -likely.GetProperty("bits").GetDouble()),
                    10 * expected.Within);
            // The longest word that fits has a place for its end.
            Assert.Equal(new string('a', 15), Assert.Single(words[1].EnumerateArray()).GetProperty("word").GetString());
        }
    }

    /// <summary>What is no model in a page is none.</summary>
    [Theory]
    [InlineData("<p>nothing", "")]
    [InlineData("<script type=\"application/json\" id=\"model\">{\"a\":\"<\"}</script>", """{"a":"\u003C"}""")]
    [InlineData("<script type=\"application/json\" id=\"model\">{\"a\":1</script>", "")]
    [InlineData("<script type=\"application/json\" id=\"model\">{\"a\":1}", "")]
    public void ModelIn_APage_IsItsJson(string html, string json) =>
        Assert.Equal(json, Player.ModelIn(html).IfNone(""));

    /// <summary>A key press is answered before anything that takes longer.</summary>
    [BrowserFact]
    public void Page_AfterAKeyPress_ShowsTheNextCharacterFirst()
    {
        var page = Browser.Open(
            ReportFiles.Of("transformer"),
            """
            const find = name => document.querySelector(`[data-play=${name}]`), map = () => find("attention").querySelector("tr").children.length - 1;
            const type = text => {
              find("text").value = text;
              find("text").dispatchEvent(new Event("input"));
            };
            const answers = [];
            for (const text of ["olivi", "oliv", "o"]) {
              const before = map();
              type(text);
              answers.push([find("after").textContent, find("surprise").children.length, map() === before]);
            }
            await new Promise(resolve => setTimeout(resolve, 1000));
            return { answers, map: map(), likely: find("likely").children.length };
            """);
        Assert.Equal([], page.Messages);
        Assert.Equal("""[["after \u201Colivi\u201D",5,true],["after \u201Coliv\u201D",4,true],["after \u201Co\u201D",1,true]]""",
            JsonSerializer.Serialize(page.Probe.GetProperty("answers")));
        Assert.Equal((2, 6), (page.Probe.GetProperty("map").GetInt32(), page.Probe.GetProperty("likely").GetInt32()));
    }

    [BrowserFact]
    public void SideBySide_OfTwoRuns_ShowsBothModelsProbabilities()
    {
        var page = Browser.Open(
            ReportFiles.Of(ReportFiles.Comparison),
            """
            const input = document.getElementById("side-text");
            input.value = "em";
            input.dispatchEvent(new Event("input"));
            return [...document.querySelectorAll("#side tr")].map(row => [...row.children].map(cell => cell.textContent));
            """);
        Assert.Equal([], page.Messages);
        string[][] rows = [.. page.Probe.EnumerateArray().Select(row => row.EnumerateArray().Select(cell => cell.GetString()!).ToArray())];
        Assert.Equal(14, rows.Length);
        Assert.All(rows, row => Assert.Equal(3, row.Length));
        Assert.All(rows[1..13], row => Assert.EndsWith(" %", row[1]));
        Assert.Equal("bits so far", rows[13][0]);
        Assert.All(rows[13][1..], bits => Assert.InRange(double.Parse(bits, System.Globalization.CultureInfo.InvariantCulture), 2, 40));
    }

    private static IEnumerable<float> Numbers(JsonElement rows) =>
        rows.EnumerateArray().SelectMany(row => row.EnumerateArray().Select(number => number.GetSingle()));

    [Theory]
    [InlineData("bigram", "none", false, "")]
    [InlineData("bigram", "float32", true, "from the weights in it.")]
    [InlineData("bigram", "float16", true, "rounded to 16 bits. That changes its loss on the first 30 test words by ")]
    [InlineData("ngram", "float16", false, "This model does not run in the page: ngram cannot be written as a graph: ")]
    public void Report_ByItsWeights_HasAModel(string script, string weights, bool hasModel, string says)
    {
        var folder = $"runs/{Guid.NewGuid():N}";
        var outcome = InProcess.Run(
            ScriptFile.PathOf(script), ScriptProcess.Folder,
            ["-i", "names.txt", "-o", folder, "--report-samples", "0", "--report-weights", weights]).Outcome;
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var report = File.ReadAllText(ScriptProcess.At(folder, "report.html"));
        Assert.Equal(hasModel, report.Contains("id=\"model\"", StringComparison.Ordinal));
        Assert.Equal(says.Length > 0, report.Contains("<h2>Try the model</h2>", StringComparison.Ordinal));
        Assert.Contains(says, report);
    }

    private sealed record PageModel(
        string Name, string Json, float[] Probabilities, int[] Drawn, Func<string, double> Probability, Func<string, float[]> Layer, double Within);

    private sealed class Pages : IModelCheck
    {
        public static readonly ImmutableArray<string> Words = ["olivia", "emma", "ema"];

        public List<PageModel> Models { get; } = [];

        public Graph? First { get; private set; }

        public void Check<P, C>(Model<P, C> model, P p)
            where P : class
        {
            var graph = Graph.Of(model, p, model.BlockSize).Value();
            First ??= graph;
            var expected = Prefixes.SelectMany(prefix => After(model, p, prefix)).ToArray();
            int[] drawn = [.. Draws.Select(draw => Choice.Draw(
                Logits(model, p, draw.Prefix), new(draw.Temperature, draw.TopK == 0 ? null : draw.TopK, draw.TopP), [draw.Uniform])[0])];
            Add(WeightFormat.Float32, Exact);
            Add(WeightFormat.Float16, 1e-3);

            void Add(WeightFormat format, double within) => Models.Add(new(
                $"{model.Name} {format}", new Player(graph, NameBatches.Letters, format) { Words = Words }.Json(), expected, drawn,
                word => Probability(model, p, word), name => Layer(model, p, name), within));
        }

        /// <summary>An activation after em: its row at the third position of all, or the third of those of its name.</summary>
        private static float[] Layer<P, C>(Model<P, C> model, P p, string name)
        {
            int[] ids = [Vocabulary.Stop, .. NameBatches.Letters.Encode("em").Value()];
            var run = Lens.Run(model, p, Tensor.Of([.. ids, .. new int[model.BlockSize - ids.Length]], [1, model.BlockSize], Model.EngineOf(p)));
            var all = run[name];
            return (all.Shape.Rank == 3 ? all.At(1, 2) : run[$"{name}:3"]).ToArray();
        }

        private static float[] After<P, C>(Model<P, C> model, P p, string prefix) =>
            Primitives.Softmax(Logits(model, p, prefix)).ToArray();

        private static Tensor Logits<P, C>(Model<P, C> model, P p, string prefix)
        {
            int[] ids = [Vocabulary.Stop, .. NameBatches.Letters.Encode(prefix).Value()];
            return model.Forward(p, Tensor.Of(ids, [1, ids.Length], Model.EngineOf(p))).At(1, ids.Length - 1);
        }

        /// <summary>The probability of the rest of a word and its end: after em, or after all of it.</summary>
        private static double Probability<P, C>(Model<P, C> model, P p, string word)
        {
            var tokens = NameBatches.Letters.Encode(word).Value().Append(Vocabulary.Stop).ToArray();
            var from = word.StartsWith("em", StringComparison.Ordinal) ? 2 : word.Length;
            return Enumerable.Range(from, tokens.Length - from)
                .Aggregate(1.0, (product, t) => product * After(model, p, word[..t])[tokens[t]]);
        }
    }
}
