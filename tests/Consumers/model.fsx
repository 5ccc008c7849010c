#r "nuget: Makemore.Console, VERSION"

open Makemore

type Params = { Logits: Embedding }

let run =
    Run.Open(fsi.CommandLineArgs |> Seq.skip 1, "fsx", "A neural bigram model in an F# script.",
        [| Makemore.Option.Training(learningRate = 0.01) |])
let init (key: Key) = { Logits = Embedding.Init(key, run.VocabSize, run.VocabSize) }
let forward (p: Params) (ids: Tensor) = p.Logits.Forward(ids)
exit (run.Fit(Model.FromForward(run.Name, run.BlockSize, init, forward)))
