using Makemore;
using static Makemore.Primitives;

/// <summary>The model: its parameters, their initialization, and its equations. Change them, and check them.</summary>
internal sealed record Mlp(Embedding Wte, Linear Hidden, Linear Head)
{
    public const string Name = "mymodel";

    // Row V of the embedding is for the padding before the word begins.
    public static Mlp Init(Key key, int V, int n, int E, int H) => new(
        Embedding.Init(key.At(0), V + 1, E),
        Linear.Init(key.At(1), n * E, H),
        Linear.Init(key.At(2), H, V));

    public Tensor Forward(Tensor window, Dropout drop)              // (…, n)
    {
        var x = Wte.Forward(window).Flatten(-2);                    // (…, n·E)
        var h = Tanh(Hidden.Forward(x));                            // (…, H)
        return Head.Forward(drop.Forward(h));                       // (…, V)
    }

    public static Model<Mlp, Tensor> Of(int V, int blockSize, int n, int E, int H, float dropout = 0) =>
        Model.FromWindow(Name, blockSize, n, blank: V, key => Init(key, V, n, E, H), (p, window, drop) => p.Forward(window, drop), dropout);

    /// <summary>The model that was saved with a card.</summary>
    public static Model<Mlp, Tensor> Of(ModelCard card) => Of(
        card.Vocabulary.Size, card.BlockSize, card.Get<int>("--context"), card.Get<int>("--n-embd"), card.Get<int>("--n-embd2"));
}
