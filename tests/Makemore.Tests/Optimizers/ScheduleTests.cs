namespace Makemore.Tests;

public sealed class ScheduleTests
{
    private static readonly Dictionary<string, (Schedule Schedule, double[] Expected)> Starts = new()
    {
        ["constant"] = (Schedules.Constant, [1, 1, 1]),
        ["cosine"] = (Schedules.Cosine(4), [1, (2 + Math.Sqrt(2)) / 4, 0.5, (2 - Math.Sqrt(2)) / 4, 0, 0, 0]),
        ["cosine to a floor"] = (Schedules.Cosine(2, 0.2), [1, 0.6, 0.2, 0.2]),
        ["cosine of 1 step"] = (Schedules.Cosine(1), [1, 0, 0]),
        ["cosine of no steps"] = (Schedules.Cosine(0), [1, 0, 0]),
        ["step decay"] = (Schedules.StepDecay(2), [1, 1, 0.1, 0.1, 0.01, 0.01, 0.001]),
        ["step decay of every step"] = (Schedules.StepDecay(1, 0.5), [1, 0.5, 0.25, 0.125]),
        ["step decay of no steps"] = (Schedules.StepDecay(0, 0.5), [1, 0.5, 0.25]),
        ["one-cycle"] = (Schedules.OneCycle(10), [0.04, 0.52, 1]),
        ["one-cycle to its end"] = (Schedules.OneCycle(4, 0.5), [0.04, 1, (1 + 4e-6) / 2, 4e-6, 4e-6, 4e-6]),
        ["one-cycle of 1 step"] = (Schedules.OneCycle(1), [4e-6, 4e-6]),
        ["one-cycle without a rise"] = (Schedules.OneCycle(2, 0.5), [0.04, 4e-6, 4e-6]),
        ["one-cycle that only rises"] = (Schedules.OneCycle(3, 1), [0.04, 0.52, 1, 4e-6]),
        ["warmup"] = (Schedules.Constant.WithWarmup(4), [0.25, 0.5, 0.75, 1, 1, 1]),
        ["warmup of 1 step"] = (Schedules.Cosine(2).WithWarmup(1), [1, 1, 0.5, 0]),
        ["warmup of no steps"] = (Schedules.Cosine(2).WithWarmup(0), [1, 0.5, 0, 0]),
        ["warmup, then cosine"] = (Schedules.Cosine(2).WithWarmup(2), [0.5, 1, 1, 0.5, 0, 0]),
        ["warmup to the start of one-cycle"] = (Schedules.OneCycle(10).WithWarmup(2), [0.02, 0.04, 0.04, 0.52]),
    };

    public static TheoryData<string> Names => [.. Starts.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Schedule_FromItsStart_IsAsExpected(string name) =>
        Assert.All(Starts[name].Expected.Index(), at => Assert.Equal(at.Item, Starts[name].Schedule(at.Index), 1e-15));

    [Theory, MemberData(nameof(Names))]
    public void Schedule_FarBeyondItsEnd_IsAFactor(string name) =>
        Assert.All([1_000_000, long.MaxValue / 2], step => Assert.InRange(Starts[name].Schedule(step), 0, 1));

    /// <summary>A change of these bits changes every run with the schedule.</summary>
    [Theory]
    [InlineData("cosine", 1, 4605863345008909798), InlineData("cosine", 3, 4594444315454965864)]
    [InlineData("one-cycle", 1, 4602858963157741732), InlineData("one-cycle", 5, 4603680978373712433)]
    [InlineData("one-cycle", 9, 4526336392362847629), InlineData("step decay", 6, 4562254508917369341)]
    [InlineData("cosine to a floor", 1, 4603579539098121012)]
    public void Schedule_OnAnyMachine_HasTheseBits(string name, long step, long bits) =>
        Assert.Equal(bits, BitConverter.DoubleToInt64Bits(Starts[name].Schedule(step)));
}
