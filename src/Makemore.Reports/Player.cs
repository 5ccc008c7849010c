using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using LanguageExt;
using static Makemore.Html;

namespace Makemore;

/// <summary>How the weights in a page are stored.</summary>
public enum WeightFormat
{
    /// <summary>As they are.</summary>
    Float32,

    /// <summary>Rounded to 16 bits (IEEE 754 binary16): half the size.</summary>
    Float16,
}

/// <summary>A model that runs in the page: a box to type into, what the model expects next, and how it sees what was typed.</summary>
/// <param name="Graph">The model for one sequence of tokens, of any length.</param>
/// <param name="Vocabulary">What the tokens are: text elements.</param>
/// <param name="Format">How the weights are stored.</param>
/// <param name="Example">What is in the box at first.</param>
public sealed record Player(Graph Graph, Vocabulary Vocabulary, WeightFormat Format, string Example = "") : IBlock
{
    /// <summary>Training words, of which those nearest to a typed one are shown; none for nothing.</summary>
    public ImmutableArray<string> Words { get; init; } = [];

    private const string ModelStart = "<script type=\"application/json\" id=\"model\">", ModelEnd = "</script>";

    private static readonly Lazy<string> Script = new(() => Report.Embedded("model.js") + Report.Embedded("play.js"));

    /// <summary>The model in a page, as JSON; none if there is no such page or no model in it.</summary>
    internal static Option<string> ModelIn(string html)
    {
        var start = html.IndexOf(ModelStart, StringComparison.Ordinal);
        var end = start < 0 ? -1 : html.IndexOf(ModelEnd, start, StringComparison.Ordinal);
        if (end < 0)
            return Option<string>.None;
        try
        {
            // Written again, because the page may come from anybody.
            using var json = JsonDocument.Parse(html.AsMemory()[(start + ModelStart.Length)..end]);
            return JsonSerializer.Serialize(json.RootElement);
        }
        catch (JsonException)
        {
            return Option<string>.None;
        }
    }

    /// <summary>The parameters as a page has them.</summary>
    public static P Rounded<P>(P p, WeightFormat format) => format == WeightFormat.Float32 ? p : Tree.Map(p, tensor =>
        tensor.Type == ElementType.Int32
            ? tensor
            : Tensor.Of(Array.ConvertAll(tensor.ToArray(), value => (float)(Half)value), tensor.Shape, tensor.Engine));

    /// <inheritdoc/>
    public bool IsEmpty => false;

    /// <inheritdoc/>
    public string ToHtml() =>
        $"""
        <div id="play" class="play" hidden>
        <p><label for="play-text">The beginning of a word</label>
        <input id="play-text" data-play="text" type="text" value="{Escape(Example)}" autocomplete="off" autocapitalize="off" spellcheck="false"></p>
        <p data-play="note" role="status"></p>
        <div class="columns">
        <div><h3>Next {Escape(Vocabulary.Unit)} <span data-play="after"></span></h3><table class="bars"><tbody data-play="next"></tbody></table></div>
        <div><div data-play="surprise-title" hidden><h3>Surprise, bits per {Escape(Vocabulary.Unit)}</h3><ol class="surprise" data-play="surprise"></ol></div>
        <div class="words"><h3>Likeliest words</h3><ul data-play="likely"></ul></div>
        <div class="words" data-play="near-title" hidden><h3>Nearest training words</h3><ul data-play="near"></ul></div>
        <div class="words"><h3>Samples</h3>
        {Slider("temperature", "temperature", 0.1, 2, 0.1, 1)}{Slider("top-k", "top k", 0, Math.Min(40, Vocabulary.Size), 1, 0, "all")}{Slider("top-p", "top p", 0.05, 1, 0.05, 1)}
        <p><button type="button" data-play="sample">Sample ten</button></p><ul data-play="samples" aria-live="polite"></ul></div></div>
        </div>
        <div data-play="hidden-title" hidden><h3>Hidden activations at the last {Escape(Vocabulary.Unit)}</h3><div class="hidden" data-play="hidden"></div></div>
        <div data-play="attention-title" hidden><h3>Attention: where each row looks</h3><div class="maps" data-play="attention"></div></div>
        </div>
        <noscript>The model runs in JavaScript, which is switched off.</noscript>
        {ModelStart}{Json()}{ModelEnd}
        <script>
        {Script.Value}</script>

        """;

    private static string Slider(string name, string label, double min, double max, double step, double value, string zero = "") =>
        $"<p class=\"slider\"><label for=\"play-{name}\">{label}</label> <input id=\"play-{name}\" data-play=\"{name}\" type=\"range\" "
        + $"min=\"{Numbers.Show(min, "0.##")}\" max=\"{Numbers.Show(max, "0.##")}\" step=\"{Numbers.Show(step, "0.##")}\" "
        + $"value=\"{Numbers.Show(value, "0.##")}\" data-zero=\"{zero}\"> <output for=\"play-{name}\"></output></p>";

    /// <summary>The model for play.js. Its text is safe in a script element: every &lt; is escaped.</summary>
    internal string Json()
    {
        var (bytes, weights) = (new ArrayBufferWriter<byte>(), new MemoryStream());
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("length", Graph.Nodes.OfType<GraphNode.Input>().Single().Shape[1]);
            Write(json, "tokens", Enumerable.Range(0, Vocabulary.Size).Select(Vocabulary.Show));
            Write(json, "elements", Vocabulary.Elements);
            Write(json, "words", Words);
            json.WriteStartArray("nodes");
            foreach (var node in Graph.Nodes)
                Write(json, node, weights);
            json.WriteEndArray();
            json.WriteNumber("output", Graph.Output.Node);
            json.WriteBase64String("weights", weights.GetBuffer().AsSpan(0, (int)weights.Length));
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    /// <summary>A node: [operation, operands, numbers, shape, name].</summary>
    private void Write(Utf8JsonWriter json, GraphNode node, Stream weights)
    {
        json.WriteStartArray();
        json.WriteStringValue(node is GraphNode.Computed { Operation: var operation } ? $"{operation}" : node.GetType().Name);
        json.WriteStartArray();
        foreach (var operand in node is GraphNode.Computed { Operands: var operands } ? operands : [])
            Write(json, operand);
        json.WriteEndArray();
        if (node is GraphNode.Constant constant)
            Write(json, constant, weights);
        else
            Write(json, node is GraphNode.Computed { Attributes: var numbers } ? numbers : []);
        Write(json, node.Shape);
        json.WriteStringValue(node is GraphNode.Computed { Name: var name } ? name : null);
        json.WriteEndArray();
    }

    /// <summary>An operand: the index of its node, and the shape that it is read in if that is another one.</summary>
    private void Write(Utf8JsonWriter json, GraphOperand operand)
    {
        if (operand.Shape == Graph.Nodes[operand.Node].Shape)
        {
            json.WriteNumberValue(operand.Node);
            return;
        }
        json.WriteStartArray();
        json.WriteNumberValue(operand.Node);
        Write(json, operand.Shape);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Shape shape)
    {
        json.WriteStartArray();
        foreach (var size in shape.Sizes)
            json.WriteNumberValue(size);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, ImmutableArray<double> numbers)
    {
        json.WriteStartArray();
        foreach (var number in numbers)
            if (double.IsFinite(number))
                json.WriteNumberValue(number);
            else
                json.WriteStringValue(number > 0 ? "Infinity" : number < 0 ? "-Infinity" : "NaN");
        json.WriteEndArray();
    }

    private void Write(Utf8JsonWriter json, GraphNode.Constant constant, Stream weights)
    {
        var isHalf = constant.Type == ElementType.Float32 && Format == WeightFormat.Float16;
        json.WriteStartObject();
        json.WriteString("type", constant.Type == ElementType.Int32 ? "int32" : isHalf ? "float16" : "float32");
        json.WriteNumber("at", weights.Length);
        json.WritePropertyName("shape");
        Write(json, constant.Shape);
        json.WriteEndObject();
        weights.Write(
            constant.Type == ElementType.Int32 ? MemoryMarshal.AsBytes<int>(constant.Value.ToInts())
            : isHalf ? MemoryMarshal.AsBytes<Half>(Array.ConvertAll(constant.Value.ToArray(), value => (Half)value))
            : MemoryMarshal.AsBytes<float>(constant.Value.ToArray()));
        // Arrays in the page begin at multiples of the size of their elements.
        weights.Write(new byte[3 & -(int)weights.Length]);
    }
}
