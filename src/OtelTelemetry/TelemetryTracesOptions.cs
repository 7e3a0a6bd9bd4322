using OtelTelemetry.Processors.Spans;
using OtelTelemetry.Tracing.Sampling;
using OtelTelemetry.Tracing.Sampling.Tail;
using OtelTelemetry.Tracing.Store;

namespace OtelTelemetry;

/// <summary>The settings of traces (section <c>Telemetry:Traces</c>).</summary>
public sealed class TelemetryTracesOptions
{
    /// <summary>Whether there are traces. Default: true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The part of new traces that is recorded, from 0 to 1; a trace that came from another service keeps that service's decision.
    /// Default: null, which leaves the choice to <c>OTEL_TRACES_SAMPLER</c>, and without it records every trace. It follows the configuration while the application runs.</summary>
    public double? SamplingRate { get; set; }

    /// <summary>Which new traces are recorded, beyond a rate: rules, limits, consistent probability, and what a parent means.</summary>
    public TraceSamplingOptions Sampling { get; } = new();

    /// <summary>Which traces are kept once it is known how they went.</summary>
    public TailSamplingOptions TailSampling { get; } = new();

    /// <summary>What happens to spans when they have ended, before anything exports them, in this order. Default: none.</summary>
    public IList<SpanProcessorOptions> Processors { get; } = [];

    /// <summary>Names of further activity sources to record; <c>*</c> stands for any text. Default: none.
    /// Always recorded are those of ASP.NET Core and HttpClient, and the sources named as the service or as the service and a dot and more.</summary>
    public IList<string> Sources { get; } = [];

    /// <summary>Paths whose requests are not recorded, nor what happens during them: each stands for itself and everything below it, without regard to case.
    /// Default: <c>/health</c>, <c>/healthz</c>, <c>/ready</c>, <c>/readyz</c>, <c>/live</c>, <c>/livez</c>, <c>/alive</c>. The Prometheus path is always left out.</summary>
    public IList<string> ExcludedPaths { get; } = ["/health", "/healthz", "/ready", "/readyz", "/live", "/livez", "/alive"];

    /// <summary>Whether the request id of a service mesh (header <c>x-request-id</c>) is taken from a request, put on its span as the attribute
    /// <c>http.request.header.x-request-id</c>, and forwarded with the calls made for it. Default: false.</summary>
    public bool ForwardRequestId { get; set; }

    /// <summary>The settings of the store of ended spans, which is there to be read in the process.</summary>
    public SpanStoreOptions Store { get; } = new();
}
