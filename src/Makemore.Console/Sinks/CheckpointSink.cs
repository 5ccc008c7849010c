using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>Writes checkpoints: the state for resuming, and the best model.</summary>
internal static class CheckpointSink
{
    /// <summary>The sink of a run.</summary>
    public static Sink Of<P, C>(RunContext run, Model<P, C> model)
        where P : class
    {
        var modelFile = run.InWorkDir(RunContext.ModelFile);
        return happened => happened switch
        {
            RunEvent.Started<P> { Progress.Best: { } best } when Safetensors.Read(modelFile).IsLeft => SaveModel(best),
            RunEvent.Saved<P> saved =>
                from state in Checkpoint.SaveState(run.InWorkDir(RunContext.StateFile), saved.Progress, run.Card)
                from _ in saved.Best is { } best ? SaveModel(best) : unit
                select unit,
            _ => unit,
        };

        Either<Fault, Unit> SaveModel(P p) => Checkpoint.SaveModel(modelFile, model, p, run.Card);
    }
}
