namespace Makemore;

public static partial class Primitives
{
    /// <summary>One step of Adam's moments, and the update that they give; all of one shape, no gradient.</summary>
    public static (Tensor M, Tensor V, Tensor Update) AdamStep(Tensor g, Tensor m, Tensor v, AdamForm form)
    {
        if (g.Shape != m.Shape || g.Shape != v.Shape)
            throw new ArgumentException($"AdamStep: moments {m.Shape}, {v.Shape} do not fit the gradient {g.Shape}.");
        _ = EngineOf("AdamStep", g, m);
        _ = EngineOf("AdamStep", g, v);
        var region = Region.Innermost(g.Region, Region.Innermost(m.Region, v.Region));
        var (first, second, update) = g.Engine.Adam(
            Float("AdamStep", g), Float("AdamStep", m), Float("AdamStep", v), form);
        return (Flat(region, first), Flat(region, second), Flat(region, update));
    }
}
