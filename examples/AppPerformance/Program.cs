using AppPerformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });

builder.AddPepperTelemetry()
    // system.*, process.* and container.* of OpenTelemetry's semantic conventions. The memory is left out: in Prometheus its
    // system.memory.usage would have the name that the collector below gives to its own gauge.
    .AddSystemMetrics(system => system.Memory.Enabled = false)
    // Collectors of one's own, with names of one's own and the intervals of appsettings.json.
    .AddMonitor((services, monitor) => services.GetRequiredService<MachineCollectors>().Register(monitor));
builder.Services.AddSingleton<MachineCollectors>();
builder.Services.AddHostedService<Report>();

await builder.Build().RunAsync();
