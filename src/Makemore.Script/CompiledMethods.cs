using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Makemore.Script;

/// <summary>
/// The generic methods that the runtime compiles while this listens: those of the framework and of a script's libraries that
/// no library has brought compiled, because none knew for which types.
/// </summary>
internal sealed class CompiledMethods : EventListener
{
    private const EventKeywords Compilation = (EventKeywords)0x10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<nint, string> _declaringTypes = new();
    private readonly ManualResetEventSlim _isMarkSeen = new();

    /// <summary>Whether this process can listen: its configuration may leave event tracing out.</summary>
    public static bool CanBeKnown =>
        !AppContext.TryGetSwitch("System.Diagnostics.Tracing.EventSource.IsSupported", out var isOn) || isOn;

    /// <summary>Those of now.</summary>
    /// <exception cref="TimeoutException">The runtime's events do not come.</exception>
    public IReadOnlyList<MethodBase> All()
    {
        // Events come late, and in order: when this one is here, all before it are.
        Mark<CompiledMethods>();
        if (!_isMarkSeen.Wait(Patience))
            throw new TimeoutException("the runtime does not say what it compiles");
        var find = FindType(AppDomain.CurrentDomain.GetAssemblies().Where(IsForAll));
        return
        [
            .. from compiled in _declaringTypes
               let type = Type.GetType(compiled.Value, null, (_, name, _) => find(name))
               let method = type is null ? null : Resolve(compiled.Key, type)
               where method is not null && (type.IsGenericType || method.IsGenericMethod) && IsForAllTypes(method)
               select method,
        ];
    }

    /// <inheritdoc/>
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
            EnableEvents(eventSource, EventLevel.Verbose, Compilation);
    }

    /// <inheritdoc/>
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName?.StartsWith("MethodLoadVerbose", StringComparison.Ordinal) is not true)
            return;
        _declaringTypes.TryAdd((nint)(ulong)Of("MethodID"), (string)Of("MethodNamespace"));
        if (Of("MethodName") is nameof(Mark))
            _isMarkSeen.Set();

        object Of(string name) => eventData.Payload![eventData.PayloadNames!.IndexOf(name)]!;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _isMarkSeen.Dispose();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Mark<T>()
    {
    }

    private static Func<string, Type?> FindType(IEnumerable<Assembly> assemblies)
    {
        var (searched, found) = (assemblies.ToArray(), new Dictionary<string, Type?>());
        return name => found.TryGetValue(name, out var type) ? type
            : found[name] = searched.Select(assembly => assembly.GetType(name)).FirstOrDefault(type => type is not null);
    }

    // Two libraries may have a type of that name.
    private static MethodBase? Resolve(nint method, Type type)
    {
        try
        {
            return MethodBase.GetMethodFromHandle(RuntimeMethodHandle.FromIntPtr(method), type.TypeHandle);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // What stands in a file, less the host's own and its compiler.
    private static bool IsForAll(Assembly assembly) =>
        assembly.Location.Length > 0
        && (AssemblyLoadContext.GetLoadContext(assembly) != AssemblyLoadContext.Default
            || Path.GetDirectoryName(assembly.Location) == Path.GetDirectoryName(typeof(object).Assembly.Location));

    private static bool IsForAllTypes(MethodBase method) =>
        method.DeclaringType!.GetGenericArguments().All(IsForAll)
        && (!method.IsGenericMethod || method.GetGenericArguments().All(IsForAll));

    private static bool IsForAll(Type type) =>
        type.HasElementType ? IsForAll(type.GetElementType()!)
        : IsForAll(type.Assembly) && type.GetGenericArguments().All(IsForAll);
}
