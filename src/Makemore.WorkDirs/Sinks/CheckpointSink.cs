using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>Writes checkpoints: the state for resuming, and the best model.</summary>
internal static class CheckpointSink
{
    /// <summary>The sink of a run.</summary>
    public static Sink Of<P, C>(string workDir, Model<P, C> model, ModelCard card)
        where P : class
    {
        var modelFile = Path.Combine(workDir, WorkFiles.ModelFile);
        return happened => happened switch
        {
            RunEvent.Started<P> { Progress.Best: { } best } when Safetensors.Read(modelFile).IsLeft => SaveModel(best),
            RunEvent.Saved<P> saved =>
                from state in Checkpoint.SaveState(Path.Combine(workDir, WorkFiles.StateFile), saved.Progress, card)
                from _ in saved.Best is { } best ? SaveModel(best) : unit
                select unit,
            _ => unit,
        };

        Either<Fault, Unit> SaveModel(P p) => Checkpoint.SaveModel(modelFile, model, p, card);
    }
}
