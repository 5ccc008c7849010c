using Makemore;

// dotnet run -- --check-gradients --overfit-batch: is the model sound?
// dotnet run: trains on data/names.txt, evaluates, makes words; the results are in out/mymodel.
// dotnet run -- --sample-only --num 5: more words. dotnet run -- --help: all options.
// dotnet run generate out/mymodel: words by code, as any other program would make them.
if (args is ["generate", var folder])
{
    foreach (var word in TrainedModel.Load(folder, Mlp.Of).OrExit().Generate().Take(5))
        Console.WriteLine(word);
    return 0;
}
var run = Run.Open(args, Mlp.Name, "A multilayer perceptron over the last characters (Bengio et al. 2003).",
    [Option.Training(), Option.Context(8), Option.NEmbd(32), Option.NEmbd2(64), Option.Dropout()]);
return run.Fit(Mlp.Of(run.VocabSize, run.BlockSize, run.Context, run.NEmbd, run.NEmbd2, run.Dropout));
