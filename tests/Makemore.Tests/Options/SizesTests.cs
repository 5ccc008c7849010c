namespace Makemore.Tests;

/// <summary>Sizes are weighed before a model is made of them.</summary>
public sealed class SizesTests
{
    /// <summary>The sizes of scripts on 26 letters and words of 15, and how many parameters these models have.</summary>
    private static readonly Dictionary<string, (Option[] Options, long Parameters)> Models = new()
    {
        ["mlp"] = ([Option.Training(), Option.Context(), Option.NEmbd(64), Option.NEmbd2(64)], 69_147),
        ["batchnorm"] = ([Option.Training(), Option.Context(3), Option.NEmbd(10), Option.NEmbd2(200)], 12_107),
        ["wavenet"] = ([Option.Training(), Option.NLayer(3), Option.NEmbd(24), Option.NEmbd2(128)], 76_603),
        ["rnn"] = ([Option.Training(), Option.NEmbd(64), Option.NEmbd2(64)], 11_803),
        ["transformer"] = ([Option.Training(), Option.NLayer(4), Option.NHead(4), Option.NEmbd(64)], 204_544),
        ["modern"] = ([Option.Training(), Option.NLayer(4), Option.NHead(4), Option.NEmbd(64)], 182_144),
    };

    public static TheoryData<string> Names => [.. Models.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Sizes_OfAModel_AreALowerBound(string model)
    {
        var line = Parse(Models[model].Options);
        var sizes = Sizes.Of(line, vocabulary: 27, blockSize: 16);
        Assert.InRange(sizes.Parameters, Models[model].Parameters / 20, Models[model].Parameters);
        Assert.True(sizes.Fit(line, isTrained: true, available: 10 << 20).IsRight);
        Assert.Matches(
            "^a model of these sizes needs at least [0-9.]+ KiB of memory, and 1 KiB is available; lower the sizes of the model$",
            sizes.Fit(line, isTrained: true, available: 1024).Message());
    }

    [Theory]
    [InlineData("--n-layer 1000000", "needs at least 63.9 GiB of memory, and 8 GiB is available; lower --n-layer")]
    [InlineData("--n-embd 20000000 -b 64", "has a tensor of 400,000,000,000,000 elements, more than the maximum of 2,147,483,583; lower --batch-size or --n-embd")]
    [InlineData("--batch-size 100000000", "has a tensor of 12,800,000,000 elements, more than the maximum of 2,147,483,583; lower --batch-size")]
    public void Sizes_TooLarge_SayWhatTheyNeedAndWhatThereIs(string options, string error)
    {
        var line = Parse(Models["transformer"].Options, options.Split(' '));
        Assert.EndsWith(error, Sizes.Of(line, 27, 16).Fit(line, isTrained: true, available: 8L << 30).Message());
    }

    private static CommandLine Parse(Option[] options, params string[] arguments) => CommandLine
        .Parse("toy.csx", "A toy.", options.SelectMany(option => option.Entries), arguments)
        .Match(line => line, faults => throw new InvalidOperationException(string.Join(' ', faults)));
}
