using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Makemore;

/// <summary>How values of a type are split into named parts and rebuilt from them.</summary>
internal abstract class TreeForm
{
    private static readonly ConditionalWeakTable<Type, TreeForm> Known = [];
    private static readonly ConcurrentDictionary<(string Path, string Name), string> Joined = [];

    /// <summary>What is marked of a part, and so of all leaves below it.</summary>
    public readonly record struct Marks(bool IsBuffer, bool IsTable)
    {
        public static Marks None => default;

        public Marks And(Marks other) => new(IsBuffer || other.IsBuffer, IsTable || other.IsTable);
    }

    /// <summary>Visits the leaves below a value in order.</summary>
    public static void Collect(object? value, string path, Marks marks, Action<Leaf> visit)
    {
        if (value is Tensor tensor)
            visit(new(path, tensor, marks.IsBuffer) { IsTable = marks.IsTable });
        else if (value is not null)
            Of(value.GetType()).CollectParts(value, path, marks, visit);
    }

    /// <summary>The value with each tensor below it replaced.</summary>
    public static object? Rebuild(object? value, Func<Tensor, Tensor> function) =>
        value is Tensor tensor ? function(tensor)
        : value is null ? null
        : Of(value.GetType()).RebuildParts(value, function);

    protected abstract void CollectParts(object value, string path, Marks marks, Action<Leaf> visit);

    /// <summary>The value with each tensor below it replaced; the value itself if none was.</summary>
    protected abstract object RebuildParts(object value, Func<Tensor, Tensor> function);

    // A training step needs the same few names again and again.
    protected static string Join(string path, string name) =>
        path.Length == 0 ? name : name.Length == 0 ? path : Joined.GetOrAdd((path, name), pair => $"{pair.Path}.{pair.Name}");

    private static TreeForm Of(Type type) => Known.GetValue(type, Find);

    private static TreeForm Find(Type type) =>
        (TreeForm?)ListForm.For(type)
        ?? (Elements(type).Any(HoldsTensors)
            ? throw new ArgumentException($"Tree: the tensors in a {NameOf(type)} have no order; use a record or a list.")
            : (TreeForm?)RecordForm.For(type) ?? OtherForm.For(type));

    /// <summary>Whether a value of a declared type holds tensors itself, or in collections and records.</summary>
    private static bool HoldsTensors(Type type) => Holds(type, part => part == typeof(Tensor), []);

    /// <summary>The name as in C#, without generic arguments.</summary>
    private static string NameOf(Type type) => type.Name.Split('`')[0];

    /// <summary>Whether a value of a declared type can hold tensors; unknown types, such as interfaces, may.</summary>
    private static bool MayHoldTensors(Type type) => Holds(
        type,
        part => part == typeof(Tensor) || part == typeof(object) || part.IsInterface || part.IsAbstract || part.IsGenericParameter,
        []);

    private static bool Holds(Type type, Func<Type, bool> isSought, HashSet<Type> seen) =>
        isSought(type)
        || (!type.IsPrimitive && type != typeof(string) && !type.IsAssignableTo(typeof(Delegate)) && seen.Add(type)
            && Elements(type).Concat(RecordForm.PartTypes(type)).Any(part => Holds(part, isSought, seen)));

    /// <summary>The types of the elements of a collection.</summary>
    private static IEnumerable<Type> Elements(Type type) =>
        from face in type.GetInterfaces()
        where face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IEnumerable<>)
        select face.GetGenericArguments()[0];

    /// <summary>Arrays and immutable lists that can be built from a sequence; parts are named by index. Others, such as what the
    /// compiler generates for [a, b] as an IReadOnlyList, become arrays.</summary>
    private sealed class ListForm(Type element, Func<object, object> fromArray) : TreeForm
    {
        public static ListForm? For(Type type)
        {
            var sequence = type.GetInterfaces().FirstOrDefault(
                face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IReadOnlyList<>));
            if (sequence is null)
                return null;
            var element = sequence.GetGenericArguments()[0];
            if (element.IsPrimitive || element == typeof(string))
                return null;
            if (type.IsArray)
                return new(element, array => array);
            if (type.GetCustomAttribute<CollectionBuilderAttribute>() is { } builder)
                return Built(builder.BuilderType, element);
            var maker = type.GetConstructor([typeof(IEnumerable<>).MakeGenericType(element)])
                ?? type.GetConstructor([element.MakeArrayType()]);
            return maker is null ? new(element, array => array) : new(element, array => maker.Invoke([array]));
        }

        /// <summary>The framework's immutable collections have CreateRange next to the method that collection expressions
        /// call.</summary>
        private static ListForm? Built(Type builder, Type element)
        {
            var create = builder.GetMethods().FirstOrDefault(method =>
                method.Name == "CreateRange" && method.GetParameters() is [{ ParameterType.IsGenericType: true } only]
                && only.ParameterType.GetGenericTypeDefinition() == typeof(IEnumerable<>));
            if (create is null)
                return null;
            var make = MethodInvoker.Create(create.MakeGenericMethod(element));
            return new(element, array => make.Invoke(null, array)!);
        }

        protected override void CollectParts(object value, string path, Marks marks, Action<Leaf> visit)
        {
            var index = 0;
            foreach (var part in (IEnumerable)value)
                Collect(part, Join(path, (index++).ToString(CultureInfo.InvariantCulture)), marks, visit);
        }

        protected override object RebuildParts(object value, Func<Tensor, Tensor> function)
        {
            var (parts, isSame) = (new List<object?>(), true);
            foreach (var part in (IEnumerable)value)
            {
                parts.Add(Rebuild(part, function));
                isSame &= ReferenceEquals(parts[^1], part);
            }
            if (isSame)
                return value;
            var array = Array.CreateInstance(element, parts.Count);
            for (var i = 0; i < parts.Count; i++)
                array.SetValue(parts[i], i);
            return fromArray(array);
        }
    }

    /// <summary>Records and tuples: parts are the primary constructor's parameters.</summary>
    private sealed class RecordForm(ConstructorInvoker create, RecordForm.Part[] parts) : TreeForm
    {
        public sealed record Part(string Name, Marks Marks, Func<object, object?> Read);

        public static RecordForm? For(Type type)
        {
            if (type.IsPrimitive || type.IsEnum || type.IsArray || type == typeof(string))
                return null;
            var found = type.GetConstructors()
                .Select(maker => (Maker: maker, Parts: PartsOf(type, maker)))
                .Where(pair => pair.Parts is { Length: > 0 })
                .OrderByDescending(pair => pair.Parts!.Length)
                .FirstOrDefault();
            if (found.Parts is null)
                return null;
            foreach (var parameter in found.Maker.GetParameters())
                RequireTensors(type, parameter);
            return new(ConstructorInvoker.Create(found.Maker), found.Parts);
        }

        /// <summary>The types of a record's or a tuple's parts; none for other types.</summary>
        public static IEnumerable<Type> PartTypes(Type type) => type.GetConstructors()
            .Where(maker => PartsOf(type, maker) is { Length: > 0 })
            .SelectMany(maker => maker.GetParameters()).Select(parameter => parameter.ParameterType);

        private static void RequireTensors(Type type, ParameterInfo parameter)
        {
            var mark = parameter.IsDefined(typeof(LeafAttribute)) ? "[Leaf]"
                : parameter.IsDefined(typeof(BufferAttribute)) ? "[Buffer]"
                : parameter.IsDefined(typeof(TableAttribute)) ? "[Table]" : null;
            if (mark is not null && !MayHoldTensors(parameter.ParameterType))
                throw new ArgumentException(
                    $"Tree: {mark} is on {NameOf(type)}.{parameter.Name}, which is {NameOf(parameter.ParameterType)} "
                    + "and holds no tensor; remove it.");
        }

        protected override void CollectParts(object value, string path, Marks marks, Action<Leaf> visit)
        {
            foreach (var part in parts)
                Collect(part.Read(value), Join(path, part.Name), marks.And(part.Marks), visit);
        }

        protected override object RebuildParts(object value, Func<Tensor, Tensor> function)
        {
            var (arguments, isSame) = (new object?[parts.Length], true);
            for (var i = 0; i < parts.Length; i++)
            {
                var part = parts[i].Read(value);
                arguments[i] = Rebuild(part, function);
                isSame &= ReferenceEquals(arguments[i], part);
            }
            if (isSame)
                return value;
            return create.Invoke(arguments.AsSpan());
        }

        /// <summary>The parts, if every parameter is a property of the same name or a tuple's item; otherwise null.</summary>
        private static Part[]? PartsOf(Type type, ConstructorInfo maker)
        {
            var parts = maker.GetParameters().Select(parameter => PartOf(type, parameter)).ToArray();
            return parts.All(part => part is not null) ? [.. parts.OfType<Part>()] : null;
        }

        private static Part? PartOf(Type type, ParameterInfo parameter)
        {
            const BindingFlags Exact = BindingFlags.Public | BindingFlags.Instance, Loose = Exact | BindingFlags.IgnoreCase;
            var name = parameter.GetCustomAttribute<LeafAttribute>()?.Name ?? SnakeCase(parameter.Name!);
            var marks = new Marks(parameter.IsDefined(typeof(BufferAttribute)), parameter.IsDefined(typeof(TableAttribute)));
            var property = type.GetProperty(parameter.Name!, Exact) ?? type.GetProperty(parameter.Name!, Loose);
            if (property is not null && property.PropertyType == parameter.ParameterType)
                return new(name, marks, property.GetValue);
            return type.GetField(parameter.Name!, Loose) is { } field ? new(name, marks, field.GetValue) : null;
        }

        /// <summary>LmHead → lm_head, Ln1 → ln_1.</summary>
        private static string SnakeCase(string name)
        {
            var words = new StringBuilder();
            for (var i = 0; i < name.Length; i++)
            {
                if (i > 0 && BeginsAWord(name, i))
                    words.Append('_');
                words.Append(char.ToLowerInvariant(name[i]));
            }
            return words.ToString();
        }

        private static bool BeginsAWord(string name, int i)
        {
            var (before, letter) = (name[i - 1], name[i]);
            return (char.IsAsciiLetterLower(before) && (char.IsAsciiLetterUpper(letter) || char.IsAsciiDigit(letter)))
                || (char.IsAsciiDigit(before) && char.IsAsciiLetterUpper(letter))
                || (char.IsAsciiLetterUpper(before) && char.IsAsciiLetterUpper(letter)
                    && i + 1 < name.Length && char.IsAsciiLetterLower(name[i + 1]));
        }
    }

    /// <summary>Anything else has no parts. Tensors in it would be lost, so it must not hold any.</summary>
    private sealed class OtherForm : TreeForm
    {
        public static OtherForm For(Type type)
        {
            const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;
            return type.GetFields(All).FirstOrDefault(field => HoldsTensors(field.FieldType)) is { } held
                ? throw new ArgumentException(
                    $"Tree: {NameOf(type)} is a class with tensors, and only a record can be rebuilt; make it a record: "
                    + $"record {NameOf(type)}({NameOf(held.FieldType)} {NameOf(held)}).")
                : new();
        }

        protected override void CollectParts(object value, string path, Marks marks, Action<Leaf> visit)
        {
        }

        protected override object RebuildParts(object value, Func<Tensor, Tensor> function) => value;

        /// <summary>The name of a property, of which the field is the compiler's.</summary>
        private static string NameOf(FieldInfo field) =>
            field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;
    }
}
