namespace Makemore;

public sealed partial class Run
{
    /// <summary>The optimizer that the options describe: AdamW as makemore.py has it, unless they say otherwise.</summary>
    public Transform Optimizer
    {
        get
        {
            var clip = (float)Get<double>("--grad-clip");
            var ema = (float)Get<double>("--ema");
            var direction = Direction(LearningRate, Schedule);
            var step = clip > 0 ? Transforms.ClipByGlobalNorm(clip).Then(direction) : direction;
            var whole = Transforms.Measure(NoteNorm).Then(Transforms.Accumulate(Get<int>("--accumulate"), step));
            return ema > 0 ? whole.Then(Transforms.Ema(ema)) : whole;
        }
    }

    private Transform Direction(float rate, Schedule schedule) => Get<string>("--optimizer") switch
    {
        "sgd" => Optimizers.Sgd(rate, 0, false, WeightDecay, schedule, Decays),
        "momentum" => Optimizers.Sgd(rate, 0.9f, false, WeightDecay, schedule, Decays),
        "nesterov" => Optimizers.Sgd(rate, 0.9f, true, WeightDecay, schedule, Decays),
        "lion" => Optimizers.Lion(rate, WeightDecay, schedule, Decays),
        _ => Optimizers.AdamW(rate, WeightDecay, schedule, Decays),
    };

    private Func<Leaf, bool>? Decays => Get<string>("--decay") == "matrices" ? Transforms.IsMatrix : null;

    /// <summary>The schedule that the options describe; its steps are the optimizer's, of which --accumulate makes
    /// fewer.</summary>
    private Schedule Schedule
    {
        get
        {
            var (accumulate, warmup) = (Get<int>("--accumulate"), (long)Get<int>("--warmup"));
            var steps = Math.Max(1, (ScheduleSteps / accumulate) - warmup);
            Schedule schedule = Get<string>("--schedule") switch
            {
                "cosine" => Schedules.Cosine(steps),
                "step" => Schedules.StepDecay((steps + 2) / 3),
                "one-cycle" => Schedules.OneCycle(steps),
                _ => Schedules.Constant,
            };
            return schedule.WithWarmup(warmup);
        }
    }

    /// <summary>The rate's factor at a step of the run.</summary>
    private double RateFactor(long step) => Schedule(step / Get<int>("--accumulate"));

    /// <summary>Takes the norm of the gradients where an evaluation will report it.</summary>
    private void NoteNorm(UpdateContext context, IReadOnlyList<Tensor> gradients)
    {
        if ((context.Step + 1) % Get<int>("--eval-every") == 0)
            _gradientNorm = Transforms.GlobalNorm(gradients);
    }

    private long ScheduleSteps => Get<int?>("--schedule-steps") ?? Get<int>("--max-steps");
}
