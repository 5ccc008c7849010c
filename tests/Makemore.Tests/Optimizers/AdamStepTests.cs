namespace Makemore.Tests;

public sealed class AdamStepTests
{
    [Fact]
    public void Shapes_ThatDiffer_AreNamed()
    {
        Assert.Equal(
            "Adam: shapes differ, gradient (2) and (3).",
            Assert.Throws<ArgumentException>(() => AdamStep.Adam(Of(2), Of(2), Of(3), default)).Message);
        Assert.Equal(
            "AdamW: shapes differ, gradient (2) and (3).",
            Assert.Throws<ArgumentException>(() => AdamStep.AdamW(Of(2), Of(2), Of(2), Of(3), default, 0, 0)).Message);
    }

    [Fact]
    public void Operands_OnTwoEngines_AreRefused() => Assert.Equal(
        "Adam: the operands are on two engines, managed and naive; "
            + "create one on the other's, as in Tensor.Zeros(shape, x.Engine), or move it with To.",
        Assert.Throws<InvalidOperationException>(
            () => AdamStep.Adam(Of(2), Of(2), Tensor.Ones([2], new NaiveEngine()), default)).Message);

    private static Tensor Of(int size) => Tensor.Ones([size]);
}
