module Program

open Makemore
open type Makemore.Primitives

/// The parameters: an F# record is a tree of tensors, too.
type Mlp = { Wte: Embedding; Head: Linear }

[<EntryPoint>]
let main args =
    let run =
        Run.Open(args, "fsharp", "A multilayer perceptron in an F# project.",
            [| Makemore.Option.Training(learningRate = 0.01); Makemore.Option.Context 3; Makemore.Option.NEmbd 8 |])
    let V, n, E = run.VocabSize, run.Context, run.NEmbd
    let init (key: Key) =
        { Wte = Embedding.Init(key.At 0L, V + 1, E); Head = Linear.Init(key.At 1L, n * E, V) }
    let logits (p: Mlp) (window: Tensor) = p.Head.Forward(Tanh(p.Wte.Forward(window).Flatten(-2)))
    run.Fit(Model.FromWindow(run.Name, run.BlockSize, n, V, init, logits))
