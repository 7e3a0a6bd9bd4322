using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Diagnostics;

public class ErrorLogTests
{
    [Test]
    public void A_failure_reaches_OpenTelemetry_once_also_from_where_nothing_else_does()
    {
        var component = $"errors_{Guid.NewGuid():N}";
        var records = new RecordedLogRecords();
        using var services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddOpenTelemetry(options => options.AddProcessor(records)))
            .BuildServiceProvider();
        using var log = new ErrorLog(services.GetRequiredService<ILoggerFactory>().CreateLogger("OtelTelemetry"));

        using (SuppressInstrumentationScope.Begin())
        {
            for (var i = 0; i < 3; i++) TelemetryErrors.Report(Diagnostic.AlertsFailed, component, "it failed", "See the cause");
            Assert.That(Sdk.SuppressInstrumentation, Is.True, "Afterwards it is as it was.");
        }

        Assert.That(records.Levels, Is.EqualTo(new[] { LogLevel.Warning }), "Later ones are not sent: each would be one more thing that fails.");
        TelemetryErrors.Report(Diagnostic.AlertsFailed, component, "it failed", "See the cause");
        Assert.That(records.Levels, Is.EqualTo(new[] { LogLevel.Warning, LogLevel.Debug }));
    }
}
