using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Logging;
using OtelTelemetry.Tests.Processors.Logs;

namespace OtelTelemetry.Tests.Logging;

[NonParallelizable]
public class TelemetryLoggerTests
{
    [Test]
    public void Values_beside_a_message_become_attributes_and_an_exception_the_records_own()
    {
        using var host = LogHost.Start();
        var logger = host.Services.GetRequiredService<TelemetryManager>().GetLogger("api").With(("tenant", "blue"), ("path", "/"));
        var thrown = new InvalidOperationException("No stock.");

        logger.Information("Processing {request}", ("method", "GET"), ("path", "/api/users"), ("user_id", 4711));
        logger.Error("Request failed", ("error", thrown), ("status", 500));
        logger.Trace("Not wanted");

        var lines = host.Lines.Where(line => line.Category == "api").ToArray();
        Assert.That(lines.Select(line => (line.Level, line.Message)), Is.EqualTo(new[] { (LogLevel.Information, "Processing {request}"), (LogLevel.Error, "Request failed"), (LogLevel.Trace, "Not wanted") }));
        Assert.That(lines[0].Attributes.Select(pair => $"{pair.Key}={pair.Value}"), Is.EqualTo(new[] { "tenant=blue", "path=/api/users", "method=GET", "user_id=4711", "{OriginalFormat}=Processing {request}" }));
        Assert.That(lines[1].Exception, Is.SameAs(thrown));
        Assert.That(lines[1]["status"], Is.EqualTo(500));
    }

    [Test]
    public void The_facade_writes_to_the_application_that_runs_and_nowhere_afterwards()
    {
        ExportedLogs exported;
        using (var host = LogHost.Start())
        {
            exported = host.Exported;
            Log.Warning("Stock is low", ("sku", "A7"));
            Log.For("Shop.Stock").Information("Ordered more", ("sku", "A7"));
        }

        Log.Error("Nobody hears");

        Assert.That(exported.Lines.Where(line => line["sku"] is not null).Select(line => $"{line.Category}: {line.Message} {line["sku"]}"), Is.EqualTo(new[] { "Application: Stock is low A7", "Shop.Stock: Ordered more A7" }));
        Assert.That(exported.Everything, Does.Not.Contain("Nobody hears"));
    }

    [Test]
    public void Exceptions_of_spans_are_records_with_the_ids_of_their_span()
    {
        var name = $"spans_{Guid.NewGuid():N}";
        using var output = new MemoryStream();
        using var source = new ActivitySource(name);
        using var host = LogHost.Start(builder => builder.AddPepperTelemetry().AddSource(name).AddLogSink("stream", new StreamLogOptions(output)));
        Activity? span;

        using (span = source.StartActivity("order.process"))
        {
            span!.AddException(new InvalidOperationException("No stock."));
        }

        host.Flush();
        var line = System.Text.Encoding.UTF8.GetString(output.ToArray()).Split('\n').Single(text => text.Contains(name, StringComparison.Ordinal));
        var record = System.Text.Json.JsonDocument.Parse(line).RootElement;

        Assert.That(record.GetProperty("level").GetString(), Is.EqualTo("Error"));
        Assert.That(record.GetProperty("message").GetString(), Is.EqualTo("order.process: System.InvalidOperationException: No stock."));
        Assert.That(record.GetProperty("trace_id").GetString(), Is.EqualTo(span.TraceId.ToHexString()));
        Assert.That(record.GetProperty("span_id").GetString(), Is.EqualTo(span.SpanId.ToHexString()));
        Assert.That(record.GetProperty("attributes").GetProperty("exception.stacktrace").GetString(), Does.Contain("No stock."));
    }

    [Test]
    public void Exceptions_of_spans_can_be_left_to_the_spans()
    {
        var name = $"spans_{Guid.NewGuid():N}";
        using var source = new ActivitySource(name);
        using var host = LogHost.Start(builder => builder.AddPepperTelemetry(options => options.Logs.SpanExceptions = false).AddSource(name));

        using (var span = source.StartActivity("order.process")) span!.AddException(new InvalidOperationException("No stock."));

        Assert.That(host.Lines.Where(line => line.Category == name), Is.Empty);
    }

    [Test]
    public void Records_of_a_plain_logger_have_the_ids_of_the_current_span()
    {
        var name = $"spans_{Guid.NewGuid():N}";
        using var output = new MemoryStream();
        using var source = new ActivitySource(name);
        using var host = LogHost.Start(builder => builder.AddPepperTelemetry().AddSource(name).AddLogSink("stream", new StreamLogOptions(output)));

        using var span = source.StartActivity("order.process")!;
        host.Logger.LogInformation("Received order {Id}", 7);
        host.Flush();

        Assert.That(System.Text.Encoding.UTF8.GetString(output.ToArray()), Does.Contain($"\"trace_id\":\"{span.TraceId}\",\"span_id\":\"{span.SpanId}\""));
    }
}
