using System.Text.Json;
using Makemore.Tests.Script;
using Makemore.Tests.Scripts;

namespace Makemore.Tests;

/// <summary>Models that run in a page.</summary>
public sealed class PlayerTests
{
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
          return prefixes.map(prefix => makemore.next(prefix));
        });
        """;

    [BrowserFact]
    public void Model_OfEveryScript_GivesTheEnginesProbabilities()
    {
        var pages = new Pages();
        foreach (var script in ScriptFile.Trainable.Distinct())
            ScriptModel.Of(script).Check(pages);
        var first = new Player(pages.First!, NameBatches.Letters, WeightFormat.Float16);
        var page = Browser.Open(
            "<!DOCTYPE html><body>" + first.ToHtml()
                + $"<script>const models = [{string.Join(',', pages.Models.Select(model => model.Json))}];"
                + $"const prefixes = {JsonSerializer.Serialize(Prefixes)}, source = {JsonSerializer.Serialize(Report.Embedded("play.js"))};</script>",
            Probe);
        Assert.Equal([], page.Messages);
        Assert.Equal([], page.Requests);
        foreach (var (found, expected) in page.Probe.EnumerateArray().Zip(pages.Models))
        {
            var actual = found.EnumerateArray().SelectMany(p => p.EnumerateArray().Select(share => share.GetSingle())).ToArray();
            var difference = actual.Zip(expected.Probabilities, (a, b) => Math.Abs(a - b)).Max();
            Assert.True(difference <= expected.Within, $"{expected.Name}: off by {difference:g3}");
        }
    }

    private sealed record PageModel(string Name, string Json, float[] Probabilities, double Within);

    private sealed class Pages : IModelCheck
    {
        public List<PageModel> Models { get; } = [];

        public Graph? First { get; private set; }

        public void Check<P, C>(Model<P, C> model, P p)
            where P : class
        {
            var graph = Graph.Of(model, p, model.BlockSize).Value();
            First ??= graph;
            var expected = Prefixes.SelectMany(prefix => After(model, p, NameBatches.Letters.Encode(prefix).Value())).ToArray();
            Add(WeightFormat.Float32, 1e-5);
            Add(WeightFormat.Float16, 1e-3);

            void Add(WeightFormat format, double within) => Models.Add(new(
                $"{model.Name} {format}", new Player(graph, NameBatches.Letters, format).Json(), expected, within));
        }

        private static float[] After<P, C>(Model<P, C> model, P p, int[] tokens)
        {
            int[] ids = [Vocabulary.Stop, .. tokens];
            return Primitives.Softmax(model.Forward(p, Tensor.Of(ids, [1, ids.Length], Model.EngineOf(p))).At(1, tokens.Length)).ToArray();
        }
    }
}
