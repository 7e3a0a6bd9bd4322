using OtelTelemetry.Collectors;
using OtelTelemetry.Events;

namespace OtelTelemetry.Hooks;

/// <summary>The hooks of one registry, where they are called. A field is null while nobody listens, so that the question costs one load.</summary>
internal sealed class HookPoints
{
    private readonly Lock _gate = new();

    // Arrays are never changed, only replaced.
    internal Hook<Metric>[]? Record;
    internal Hook<TelemetryEvent>[]? Event;
    internal Hook<CollectionInfo>[]? Collect;
    internal Hook<ExportInfo>[]? Export;

    internal static void Raise<T>(Hook<T>[] hooks, in T item)
    {
        foreach (var hook in hooks) hook.Raise(item);
    }

    internal void Add<T>(ref Hook<T>[]? hooks, Hook<T> hook)
    {
        lock (_gate) Volatile.Write(ref hooks, [.. hooks ?? [], hook]);
    }

    internal void Remove<T>(ref Hook<T>[]? hooks, Hook<T> hook)
    {
        lock (_gate)
        {
            var rest = (hooks ?? []).Where(other => !ReferenceEquals(other, hook)).ToArray();
            Volatile.Write(ref hooks, rest.Length > 0 ? rest : null);
        }
    }
}
