using OtelTelemetry.Instrumentation;

namespace Samples;

/// <summary>"Decorators" in the guide to monitoring IA Modules pipelines: methods that are traced by an attribute.</summary>
public static class IaModulesDecoratorSamples
{
    /// <summary>Automatically traced; the call, wherever it stands in this project, is the span.</summary>
    [Traced("expensive_operation")]
    public static async Task<int> ExpensiveOperation([SpanAttribute] int items)
    {
        await Task.Yield();
        return items * 2;
    }

    /// <summary>Synchronous methods work too.</summary>
    [Traced("sync_operation")]
    public static int SyncOperation() => 42;

    /// <summary>Calls both.</summary>
    public static async Task<int> Run() => await ExpensiveOperation(4) + SyncOperation();
}
