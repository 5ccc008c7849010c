module Program

open Makemore
open type Makemore.Primitives

/// The parameters: an F# record is a tree of tensors, too.
type Mlp = { Wte: Embedding; Head: Linear }

let mlp V blockSize n E =
    let init (key: Key) =
        { Wte = Embedding.Init(key.At 0L, V + 1, E); Head = Linear.Init(key.At 1L, n * E, V) }
    let logits (p: Mlp) (window: Tensor) = p.Head.Forward(Tanh(p.Wte.Forward(window).Flatten(-2)))
    Model.FromWindow("fsharp", blockSize, n, V, init, logits)

/// `dotnet run` trains; `dotnet run generate FOLDER` makes words with what was learned.
[<EntryPoint>]
let main args =
    match args with
    | [| "generate"; folder |] ->
        let ofCard (card: ModelCard) =
            mlp card.Vocabulary.Size card.BlockSize (card.Get<int> "--context") (card.Get<int> "--n-embd")
        let trained = TrainedModel.Load(folder, ofCard).OrExit()
        trained.Generate() |> Seq.take 5 |> Seq.iter (printfn "%s")
        0
    | _ ->
        let run =
            Run.Open(args, "fsharp", "A multilayer perceptron in an F# project.",
                [| Makemore.Option.Training(learningRate = 0.01); Makemore.Option.Context 3; Makemore.Option.NEmbd 8 |])
        run.Fit(mlp run.VocabSize run.BlockSize run.Context run.NEmbd)
