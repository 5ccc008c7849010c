namespace Makemore;

/// <summary>The optimizer and the schedule that the options describe.</summary>
internal static class TrainingOptions
{
    /// <summary>The optimizer of a model with a number of tokens; by default AdamW, as in makemore.py.</summary>
    public static Transform ToOptimizer(this Options options, int vocabulary)
    {
        var direction = options.ToDirection(vocabulary, (float)options.LearningRate, options.ToSchedule());
        var clipped = options.GradClip > 0 ? Transforms.ClipByGlobalNorm((float)options.GradClip).Then(direction) : direction;
        var accumulated = Transforms.Accumulate(options.Accumulate, clipped);
        return options.Ema > 0 ? accumulated.Then(Transforms.Ema((float)options.Ema)) : accumulated;
    }

    /// <summary>The update rule alone, with a given learning rate and schedule.</summary>
    public static Transform ToDirection(this Options options, int vocabulary, float rate, Schedule schedule)
    {
        Func<Leaf, bool>? decays = options.Decay == "matrices" ? Transforms.IsMatrix : null;
        var decay = (float)options.WeightDecay;
        return options.Optimizer switch
        {
            "sgd" => Optimizers.Sgd(rate, 0, false, decay, schedule, decays),
            "momentum" => Optimizers.Sgd(rate, 0.9f, false, decay, schedule, decays),
            "nesterov" => Optimizers.Sgd(rate, 0.9f, true, decay, schedule, decays),
            "muon" => Optimizers.Muon(rate, vocabulary, decay, schedule, decays),
            "lion" => Optimizers.Lion(rate, decay, schedule, decays),
            _ => Optimizers.AdamW(rate, decay, schedule, decays),
        };
    }

    /// <summary>The learning rate of the step after a number of steps.</summary>
    public static double LearningRateAt(this Options options, long step) =>
        options.LearningRate * options.ToSchedule()(step / options.Accumulate);

    /// <summary>Whether the step after a number of steps is inspected: about every 100th, and only steps that update the
    /// parameters.</summary>
    public static bool IsInspected(this Options options, long step)
    {
        const int Interval = 100;
        var every = options.Accumulate * Math.Max(1, Interval / options.Accumulate);
        return options.Diagnose && step % every == options.Accumulate - 1;
    }

    /// <summary>The learning-rate schedule, in optimizer steps; with --accumulate there are fewer of these than batches.</summary>
    private static Schedule ToSchedule(this Options options)
    {
        var steps = Math.Max(1, (options.ScheduleLength / options.Accumulate) - options.Warmup);
        Schedule schedule = options.Schedule switch
        {
            "cosine" => Schedules.Cosine(steps),
            "step" => Schedules.StepDecay((steps + 2) / 3),
            "one-cycle" => Schedules.OneCycle(steps),
            _ => Schedules.Constant,
        };
        return schedule.WithWarmup(options.Warmup);
    }
}
