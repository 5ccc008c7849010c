#r "nuget: Makemore.Console, VERSION"

open Makemore

type Params = { Logits: Embedding }

let bigram V blockSize =
    let init (key: Key) = { Logits = Embedding.Init(key, V, V) }
    let forward (p: Params) (ids: Tensor) = p.Logits.Forward(ids)
    Model.FromForward("fsx", blockSize, init, forward)

// `dotnet fsi model.fsx` trains; `dotnet fsi model.fsx generate FOLDER` makes words with what was learned.
match fsi.CommandLineArgs with
| [| _; "generate"; folder |] ->
    let trained = TrainedModel.Load(folder, fun (card: ModelCard) -> bigram card.Vocabulary.Size card.BlockSize).OrExit()
    trained.Generate() |> Seq.take 5 |> Seq.iter (printfn "%s")
| args ->
    let run =
        Run.Open(Seq.skip 1 args, "fsx", "A neural bigram model in an F# script.",
            [| Makemore.Option.Training(learningRate = 0.01) |])
    exit (run.Fit(bigram run.VocabSize run.BlockSize))
