namespace Makemore.Benchmarks;

/// <summary>A size of the Transformer and of its batches, which are random tokens in whole blocks.</summary>
internal sealed record GptSize(int Layers, int Heads, int Embd, int Block, int Batch)
{
    // The letters, and the token that starts and stops.
    private const int Vocabulary = 27;

    public static readonly GptSize[] All =
        [new(4, 4, 64, 16, 32), new(4, 4, 128, 64, 12), new(6, 4, 256, 64, 32), new(6, 6, 384, 128, 16), new(12, 12, 768, 128, 4)];

    /// <summary>The size's name on the command line.</summary>
    public string Name => $"{Layers}x{Embd}";

    /// <summary>About the number of parameters: that of the matrices of all layers.</summary>
    public int Parameters => 12 * Layers * Embd * Embd;

    /// <summary>The options of the script.</summary>
    public string[] Options =>
        ["--n-layer", $"{Layers}", "--n-head", $"{Heads}", "--n-embd", $"{Embd}", "--block-size", $"{Block}"];

    /// <summary>The name of the model in PyTorch.</summary>
    public string Torch => $"transformer/{Layers}/{Heads}/{Embd}/{Block}/{Batch}";

    /// <summary>Batch i of a run.</summary>
    public Func<long, Batch> Batches(IEngine engine)
    {
        Batch? last = null;
        return index =>
        {
            last?.Recycle();
            return last = new(Tokens(2 * index), Tokens((2 * index) + 1));
        };

        Tensor Tokens(long index)
        {
            var tokens = new int[Batch * Block];
            Key.FromSeed(2).At(index).Below(Vocabulary, tokens);
            return Tensor.Of(tokens, [Batch, Block], engine);
        }
    }
}
