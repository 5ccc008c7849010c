namespace Makemore;

public sealed partial class Run
{
    /// <summary>The engine that the options name.</summary>
    private static IEngine OpenEngine(string name, Settings settings, string script)
    {
        var (engine, device) = (settings.Get<string>("--engine"), settings.Get<string?>("--device"));
        if (engine == Engines.Managed && device is not null)
            throw Stop(name, [Fault.Of($"--device {device}: only --engine {Engines.Torch} has devices")]);
        return Engines.Open(engine, device ?? "cpu", settings.Get<int>("--threads"), script)
            .OrThrow(fault => Stop(name, [fault.In($"--engine {engine}")]));
    }

    /// <summary>What an engine computes, whose device may fail at any time.</summary>
    private T Compute<T>(Func<T> compute)
    {
        try
        {
            return compute();
        }
        catch (EngineException fault)
        {
            throw Stop(Fault.Of(fault.Message));
        }
    }

    private void Compute(Action compute) => Compute(() =>
    {
        compute();
        return 0;
    });
}
