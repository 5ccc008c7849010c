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

    /// <summary>As <see cref="AdamStep"/>, with the update that weight decay and the rate make of it for the parameters p:
    /// −rate (u + decay p).</summary>
    public static (Tensor M, Tensor V, Tensor Update) AdamWStep(
        Tensor g, Tensor m, Tensor v, Tensor p, AdamForm form, float decay, float rate)
    {
        if (g.Shape != m.Shape || g.Shape != v.Shape || g.Shape != p.Shape)
            throw new ArgumentException(
                $"AdamWStep: moments {m.Shape}, {v.Shape} and parameters {p.Shape} do not fit the gradient {g.Shape}.");
        _ = EngineOf("AdamWStep", g, m);
        _ = EngineOf("AdamWStep", g, v);
        _ = EngineOf("AdamWStep", g, p);
        var region = Innermost([g, m, v, p]);
        var (first, second, update) = g.Engine.AdamW(
            Float("AdamWStep", g), Float("AdamWStep", m), Float("AdamWStep", v), Float("AdamWStep", p), form, decay, rate);
        return (Flat(region, first), Flat(region, second), Flat(region, update));
    }
}
