namespace Makemore;

/// <summary>
/// Any record of tensors as a tree: its leaves by name, and the same record with other leaves. Records, tuples, arrays and
/// <c>Arr</c> nest; other values, such as numbers and strings, are copied unchanged.
/// </summary>
/// <remarks>
/// A record's parts are the parameters of its primary constructor. Names are those of the C# code in snake case, joined by dots,
/// lists by index; <see cref="LeafAttribute"/> overrides them. The parts of a type are found by reflection, once per type, also
/// for types declared in a script. An absent tensor (null) is not a leaf.
/// </remarks>
public static class Tree
{
    /// <summary>The tensors of a record, in the order of its declaration.</summary>
    /// <exception cref="ArgumentException">Two leaves have the same name.</exception>
    public static IReadOnlyList<Leaf> Leaves<P>(P tree)
    {
        var leaves = new List<Leaf>();
        TreeForm.Collect(tree, "", TreeForm.Marks.None, leaves.Add);
        var names = new HashSet<string>(leaves.Count);
        var twice = leaves.Find(leaf => !names.Add(leaf.Name));
        return twice is null
            ? leaves
            : throw new ArgumentException($"Tree: two leaves of {typeof(P).Name} are named '{twice.Name}'.");
    }

    /// <summary>The tensors of a record without their names, in the same order.</summary>
    public static Tensor[] Tensors<P>(P tree)
    {
        var tensors = new List<Tensor>();
        TreeForm.Rebuild(tree, tensor =>
        {
            tensors.Add(tensor);
            return tensor;
        });
        return [.. tensors];
    }

    /// <summary>The same record with other tensors, given in the order of <see cref="Leaves"/>.</summary>
    /// <exception cref="ArgumentException">The number of tensors differs.</exception>
    public static P Rebuild<P>(P tree, IReadOnlyList<Tensor> tensors)
    {
        var next = 0;
        var rebuilt = Map(tree, _ => next < tensors.Count ? tensors[next++] : throw Mismatch<P>(tensors.Count));
        return next == tensors.Count ? rebuilt : throw Mismatch<P>(tensors.Count);
    }

    /// <summary>The same record with a function applied to each tensor.</summary>
    public static P Map<P>(P tree, Func<Tensor, Tensor> function) => (P)TreeForm.Rebuild(tree, function)!;

    /// <summary>Combines two records of the same structure tensor by tensor.</summary>
    /// <exception cref="ArgumentException">The numbers of tensors differ.</exception>
    public static P Zip<P>(P first, P second, Func<Tensor, Tensor, Tensor> function)
    {
        var (a, b) = (Tensors(first), Tensors(second));
        return a.Length == b.Length
            ? Rebuild(first, [.. a.Zip(b, function)])
            : throw new ArgumentException($"Tree.Zip: {typeof(P).Name} with {a.Length} tensors and with {b.Length}.");
    }

    /// <summary>The number of elements of all parameters, without buffers.</summary>
    public static long Count<P>(P tree) =>
        Leaves(tree).Where(leaf => !leaf.IsBuffer).Sum(leaf => (long)leaf.Value.Shape.Size);

    /// <summary>The record with all tensors on another engine.</summary>
    public static P To<P>(P tree, IEngine engine) => Map(tree, tensor => tensor.To(engine));

    /// <summary>The record with all tensors lifted into a region.</summary>
    public static P In<P>(P tree, Region region) => Map(tree, tensor => tensor.In(region));

    /// <summary>The record with all tensors moved out to a region.</summary>
    public static P Escape<P>(P tree, Region region) => Map(tree, tensor => tensor.Escape(region));

    private static ArgumentException Mismatch<P>(int count) =>
        new($"Tree.Rebuild: {count} tensors do not fit {typeof(P).Name}.");
}
