using OpenTelemetry;
using OpenTelemetry.Metrics;
using OtelTelemetry;
using OtelTelemetry.Integration.Recorder;

// An application that records as fast as it can, and says in lines what it has recorded and what of it the delivery has accepted. Each
// line is out of the process before the next thing happens, so that it is known also when the process is killed.
//
//   begin R                  round R is recorded now
//   accepted R               everything up to round R has been accepted, by the account of the delivery
//   account {...}            the account of one destination at some moment
//   broken ...               what must hold at every moment does not; the process ends with code 3
//   flooded S C D            of signal S were recorded C more than its queue takes, and D found it full
//   done N M                 everything is delivered and telemetry has ended; the account was right N times; bytes of managed memory in use
var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddPepperTelemetry().AddSqliteOutbox().AddRemoteWrite()
    // No metrics of .NET's: an export of metrics is one request.
    .WithMetrics(metrics => metrics.AddView(_ => MetricStreamConfiguration.Drop));
using var host = builder.Build();
await host.StartAsync();

var telemetry = host.Services.GetRequiredService<TelemetryManager>();
var plan = RecorderPlan.From(builder.Configuration);
using var watch = new AccountWatch(telemetry.Delivery);
using var recorder = new RoundRecorder(host.Services, telemetry, plan, watch);
watch.Start();

recorder.RecordRounds();
if (plan.Floods) recorder.Flood();
while (!await telemetry.FlushAsync())
{
    // What waits for a backend that is away goes out when it is back.
    await Task.Delay(100);
}

await host.StopAsync();
watch.Stop();
Lines.Say($"done {watch.Moments} {GC.GetTotalMemory(forceFullCollection: true)}");
return 0;
