namespace Makemore.Tests;

/// <summary>Training runs as streams of events.</summary>
public sealed class TrainingRunTests
{
    private static readonly Transform Optimizer = Optimizers.Sgd(0.1f);

    [Fact]
    public void Events_Run_AreInOrder() => Assert.Equal(
        [
            "started 0", "stepped 1", "stepped 2", "evaluated 2", "sampled", "saved 2 with model", "stepped 3", "saved 3",
            "stepped 4", "evaluated 4", "sampled", "saved 4 with model", "stepped 5", "evaluated 5, not regular",
            "saved 5 with model", "ended 5 MaxSteps",
        ],
        (Run(step => 10 - step) with { MaxSteps = 5, EvalEvery = 2, SaveEvery = 3 }).Events(Start()).Select(Name));

    [Fact]
    public void Events_NotLookedAt_EndWithTheBestParameters()
    {
        var ended = Assert.IsType<RunEvent.Ended<ToyParams>>(
            (Run(step => Math.Abs(step - 4)) with { MaxSteps = 9, EvalEvery = 2 }).Events(Start()).Last());
        Assert.Equal(Bits(Toy.Scan(Toy.Start(Optimizer)).ElementAt(4).Params), Bits(ended.Best));
        Assert.Equal(Toy.Scan(Toy.Start(Optimizer)).ElementAt(9).Bits(), ended.Progress.State.Bits());
    }

    [Fact]
    public void Best_LastEvaluationNotRegular_StillCounts()
    {
        var ended = Ended(Run(step => 10 - step) with { MaxSteps = 5, EvalEvery = 2 });
        Assert.Equal(Bits(ended.Progress.State.Params), Bits(ended.Best));
        Assert.Equal([2, 4], ended.Progress.History.Select(evaluation => evaluation.Step));
    }

    [Theory]
    [InlineData(3, 10)]
    [InlineData(4, 12)]
    public void Patience_Exhausted_StopsTheRun(int patience, long step)
    {
        var ended = Ended(Run(step => Math.Abs(step - 4)) with { MaxSteps = 99, EvalEvery = 2, Patience = patience });
        Assert.Equal((new StopReason.OutOfPatience(), step), (ended.Reason, ended.Progress.State.Step));
    }

    [Fact]
    public void Cancellation_DuringARun_StopsItAfterTheStep()
    {
        using var source = new CancellationTokenSource();
        var events = (Run(_ => 1) with { MaxSteps = 99, Cancellation = source.Token }).Events(Start());
        var names = new List<string>();
        foreach (var runEvent in events)
        {
            names.Add(Name(runEvent));
            if (runEvent is RunEvent.Stepped { Step: 3 })
                source.Cancel();
        }
        Assert.Equal(
            ["stepped 3", "evaluated 3, not regular", "saved 3 with model", "ended 3 Interrupted"], names[^4..]);
    }

    [Fact]
    public void MaxTime_Reached_StopsTheRun() =>
        Assert.IsType<StopReason.MaxTime>(Ended(Run(_ => 1) with { MaxSteps = 99, MaxTime = TimeSpan.Zero }).Reason);

    [Fact]
    public void Loss_NotFinite_StopsTheRunWithoutSaving()
    {
        var good = Training.Step(Training.CrossEntropy(Toy.Model));
        var events = (Run(_ => 1) with
        {
            MaxSteps = 9,
            SaveEvery = 1,
            Step = (state, batch, key) => good(state, batch, key) is var result && state.Step == 3
                ? result with { Loss = result.Loss / 0f }
                : result,
        }).Events(Start()).ToArray();
        Assert.Equal(new StopReason.NotFinite(4, double.PositiveInfinity, null), ((RunEvent.Ended<ToyParams>)events[^1]).Reason);
        Assert.Equal("saved 3", Name(events[^2]));
    }

    [Fact]
    public void Overfitting_DuringARun_WarnsOnce()
    {
        var run = Run(step => 1 + Math.Abs(step - 4)) with { MaxSteps = 20, EvalEvery = 2 };
        var warned = Assert.Single(run.Events(Start()).OfType<RunEvent.Warned>());
        Assert.Equal((4, 6), (warned.Best.Step, warned.Now.Step));
    }

    [Fact]
    public void Started_BeforeTheFirstStep_HasTheLossOfItsBatch()
    {
        var events = (Run(_ => 1) with { MaxSteps = 1 }).Events(Start()).ToArray();
        var started = events.OfType<RunEvent.Started<ToyParams>>().Single();
        Assert.Equal(events.OfType<RunEvent.Stepped>().Single().Loss, started.Initial!.Nats);
        Assert.Null((Run(_ => 1) with { MaxSteps = 2 }).Events(Ended(Run(_ => 1) with { MaxSteps = 1 }).Progress)
            .OfType<RunEvent.Started<ToyParams>>().Single().Initial);
    }

    [Fact]
    public void Inspection_OfAStep_ChangesNoBit()
    {
        var plain = Run(_ => 1) with { MaxSteps = 5 };
        var events = (plain with { IsInspected = step => step == 2 }).Events(Start()).ToArray();
        var diagnosis = Assert.Single(events.OfType<RunEvent.Diagnosed>()).Diagnosis;
        Assert.Equal((2, 2), (diagnosis.Step, diagnosis.Leaves.Length));
        Assert.All(diagnosis.Leaves, row => Assert.InRange(row.UpdateToData, -6, 3));
        Assert.Equal(Ended(plain).Progress.State.Bits(), ((RunEvent.Ended<ToyParams>)events[^1]).Progress.State.Bits());
    }

    [Fact]
    public void Run_Resumed_EqualsAnUninterruptedOne()
    {
        var run = Run(step => Math.Abs(step - 4)) with { MaxSteps = 9, EvalEvery = 2 };
        var half = Ended(run with { MaxSteps = 5 }).Progress;
        var (parts, whole) = ((RunEvent.Ended<ToyParams>)run.Events(half).Last(), Ended(run));
        Assert.Equal(whole.Progress.State.Bits(), parts.Progress.State.Bits());
        Assert.Equal(Bits(whole.Best), Bits(parts.Best));
        Assert.Equal<Evaluation>([.. whole.Progress.History], [.. parts.Progress.History]);
    }

    [Fact]
    public void StepResult_Gradients_AreThoseOfItsLoss()
    {
        var start = Toy.Start(Optimizer);
        foreach (var result in Toy.Results(start).Take(1))
        {
            var (loss, grads) = Gradients.ValueAndGrad(
                start.Params, p => Training.CrossEntropy(Toy.Model)(p, Toy.Batch(0), Key.FromSeed(3).At(0)).Loss);
            Assert.Equal(loss.Item(), result.Loss.Item());
            Assert.Equal(Bits(grads), Bits(result.Gradients));
            Assert.Equal(Transforms.GlobalNorm([grads.Table, grads.Bias]), result.GradientNorm);
        }
    }

    [Fact]
    public void Patience_AcrossAResume_StopsWhereTheUnbrokenRunDoes()
    {
        var run = Run(step => Math.Abs(step - 4)) with { MaxSteps = 99, EvalEvery = 2, Patience = 3 };
        var whole = Ended(run);
        var parts = (RunEvent.Ended<ToyParams>)run.Events(Ended(run with { MaxSteps = 7 }).Progress).Last();
        Assert.Equal((whole.Reason, whole.Progress.State.Step), (parts.Reason, parts.Progress.State.Step));
        Assert.Equal<Evaluation>([.. whole.Progress.History], [.. parts.Progress.History]);
        var again = (RunEvent.Ended<ToyParams>)run.Events(whole.Progress).Last();
        Assert.Equal((whole.Reason, whole.Progress.State.Step), (again.Reason, again.Progress.State.Step));
    }

    [Fact]
    public void Step_ThatDoesNotAdvance_Throws() => Assert.Contains("TrainState.Next", Assert.Throws<InvalidOperationException>(() =>
        Ended(Run(_ => 1) with { Step = (state, _, _) => new(state, Tensor.Ones([]), state.Params) })).Message);

    [Fact]
    public void Step_ThatLeavesOutARunningMean_Throws()
    {
        var start = Progress<ToyParams>.Start(Toy.Start(Optimizer.Then(Transforms.Ema(0.9f))));
        var run = Run(_ => 1) with { Step = (state, _, _) => new(state.Next(state.Params, state.OptimizerState), Tensor.Ones([]), state.Params) };
        Assert.Contains("TrainState.Update", Assert.Throws<InvalidOperationException>(() => run.Events(start).Last()).Message);
    }

    private static TrainingRun<ToyParams, Tensor> Run(Func<long, double> held) => new(
        Toy.Model, Training.Step(Training.CrossEntropy(Toy.Model)), Toy.Batch, Key.FromSeed(3),
        (_, step) => new(step, 1.0 / (1 + step), held(step), 0.1))
    {
        MaxSteps = 5,
        Sample = _ => [new([1], true)],
    };

    private static Progress<ToyParams> Start() => Progress<ToyParams>.Start(Toy.Start(Optimizer));

    private static RunEvent.Ended<ToyParams> Ended(TrainingRun<ToyParams, Tensor> run) =>
        (RunEvent.Ended<ToyParams>)run.Events(Start()).Last();

    private static int[] Bits(ToyParams p) => Descent.Bits(Tree.Tensors(p));

    private static string Name(RunEvent runEvent) => runEvent switch
    {
        RunEvent.Started<ToyParams> started => $"started {started.Progress.State.Step}",
        RunEvent.Stepped stepped => $"stepped {stepped.Step}",
        RunEvent.Evaluated evaluated => $"evaluated {evaluated.Evaluation.Step}{(evaluated.IsRegular ? "" : ", not regular")}",
        RunEvent.Sampled => "sampled",
        RunEvent.Saved<ToyParams> saved => $"saved {saved.Progress.State.Step}{(saved.Best is null ? "" : " with model")}",
        RunEvent.Ended<ToyParams> ended => $"ended {ended.Progress.State.Step} {ended.Reason.GetType().Name}",
        _ => runEvent.ToString(),
    };
}
