using System.Collections.Immutable;
using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>Runs that look inside a saved model: --lens.</summary>
internal static class LensView
{
    private const int WordsRead = 1000, WordsInABatch = 250;

    private static readonly string[] HeadTitles =
        ["head", "itself", "one back", "two back", "start", "without it: all", "doubled", "ends", "hardest then"];

    // Results that only rearrange others.
    private static readonly ImmutableArray<string> Movement = ["Reshape", "Slice", "Transpose", "Permute", "Concat", "BroadcastTo"];

    /// <summary>Shows what the model computes after the prompt; without one, its activations, and what each head does for test
    /// words.</summary>
    public static Either<Fault, Unit> Show<P, C>(RunContext run, Model<P, C> model, P p) =>
        from tokens in Tokens(run)
        from target in Target(run)
        let pass = Lens.Run(model, p, Tensor.Of(tokens.AsSpan(), [1, tokens.Length], run.Engine))
        from _ in pass.Activations.Length > 0
            ? unit
            : (Either<Fault, Unit>)Fault.Of($"{model.Name} computes outside tensors, so there are no activations to look at")
        from sections in run.Prompt.Length > 0
            ? ShowReading(run, Reading.Of(model, p, tokens, target is [var token] ? token : null), AttentionMaps.Of(model, p, tokens))
            : ShowModel(run, model, p, pass)
        from __ in new Report($"{model.Name}, through the lens", run.InWorkDir(""), [], sections).Write(run.InWorkDir(WorkFiles.LensFile))
        select Say(run, $"report: {run.InWorkDir(WorkFiles.LensFile)}");

    /// <summary>The tokens of the prompt, after the start of a word; without a prompt, those of an example.</summary>
    private static Either<Fault, ImmutableArray<int>> Tokens(RunContext run)
    {
        ImmutableArray<int> tokens = run.Card.IsText && run.Prompt.Length > 0 ? [.. run.Prompt] : [Vocabulary.Stop, .. run.Prompt];
        return tokens.Length <= run.Card.BlockSize
            ? tokens
            : Fault.Of($"--prompt: has {run.Prompt.Length} {run.Card.Vocabulary.Unit}s, and the model sees at most "
                + $"{run.Card.BlockSize - (run.Card.IsText ? 0 : 1)}");
    }

    /// <summary>The token to explain; none for the likeliest.</summary>
    private static Either<Fault, int[]> Target(RunContext run) => run.Options.Target switch
    {
        null => System.Array.Empty<int>(),
        var stop when stop == run.Card.Vocabulary.StopSign && !run.Card.IsText => new[] { Vocabulary.Stop },
        var text => run.Card.Vocabulary.Encode(text).In("--target").Bind(tokens => tokens.Length == 1
            ? (Either<Fault, int[]>)tokens
            : Fault.Of($"--target: has {tokens.Length} {run.Card.Vocabulary.Unit}s; name one")),
    };

    private static Either<Fault, ImmutableArray<Section>> ShowReading(RunContext run, Reading reading, ImmutableArray<AttentionMap> maps)
    {
        var (vocabulary, target) = (run.Card.Vocabulary, run.Card.Vocabulary.Show(reading.Target));
        run.Reporter.Say("next: " + Likeliest(vocabulary, reading.Probabilities));
        if (reading.Layers.Length > 0)
            run.Reporter.Table(
                ["if it ended after", $"p({target})", "next"],
                reading.Layers.Select(layer => new[]
                {
                    layer.Name, Numbers.Show(layer.Probabilities[reading.Target], "0.000"), Likeliest(vocabulary, layer.Probabilities),
                }));
        run.Reporter.Table(
            ["character", $"saliency for {target}"],
            reading.Tokens.Zip(reading.Saliency, (token, norm) => new[] { vocabulary.Show(token), Numbers.Show(norm, "0.000") }));
        if (reading.Heads.Length > 0)
            run.Reporter.Table(
                ["head", $"contribution to ln p({target})", "change without it", "looks most at"],
                reading.Heads.Select(head => new[]
                {
                    head.Head.Name, Numbers.Show(head.Contribution, "0.000"), Numbers.Show(head.Change, "0.000"),
                    $"{vocabulary.Show(reading.Tokens[head.Place])} at {head.Place} ({Numbers.Show(head.Weight, "0.00")})",
                }));
        return ImmutableArray.Create(
            Sections.Reading(vocabulary, reading), Sections.Attention([.. reading.Tokens.Select(vocabulary.Show)], maps));
    }

    private static Either<Fault, ImmutableArray<Section>> ShowModel<P, C>(RunContext run, Model<P, C> model, P p, LensRun pass)
    {
        string[] titles = ["activation", "operation", "shape"];
        string[][] names =
        [
            .. from activation in pass.Activations
               where !Movement.Contains(activation.Operation)
               select new[] { activation.Name, activation.Operation, $"{activation.Value.Shape}" },
        ];
        run.Reporter.Table(titles, names);
        var activations = new Section(
            "Activations", "What is computed for the first token, in order, by the names that the library's Lens gives it.",
            [new DataTable("", [.. titles], [.. names.Select(row => row.ToImmutableArray())])]);
        if (pass.Heads().IsEmpty)
            return ImmutableArray.Create(activations);
        return run.Words.Value.Map(corpus =>
        {
            var effects = HeadSurvey.Of(
                model, p, corpus.Batches(corpus.Test.Take(WordsRead), WordsInABatch, run.Engine).InOrder());
            string[][] rows = [.. effects.Select(effect => Row(run.Card.Vocabulary, effect))];
            run.Reporter.Table(HeadTitles, rows);
            return ImmutableArray.Create(
                Sections.Heads(effects, new("Heads", [.. HeadTitles], [.. rows.Select(row => row.ToImmutableArray())])), activations);
        });
    }

    private static string[] Row(Vocabulary vocabulary, HeadEffect effect) =>
    [
        effect.Head.Name, .. effect.Back.Append(effect.Start).Select(weight => Numbers.Show(weight, "0.00")),
        .. effect.Changes.Select(change => Numbers.Show(change, "0.000")),
        $"{vocabulary.Show(effect.Token)} by {Numbers.Show(effect.TokenChange, "0.00")}",
    ];

    private static string Likeliest(Vocabulary vocabulary, ImmutableArray<float> probabilities) => string.Join("  ",
        Enumerable.Range(0, vocabulary.Size).OrderByDescending(token => probabilities[token]).Take(5)
            .Select(token => $"{vocabulary.Show(token)} {Numbers.Show(probabilities[token], "0.000")}"));

    private static Unit Say(RunContext run, string line)
    {
        run.Reporter.Say(line);
        return unit;
    }
}
