using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline;

var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Configuration.AddCommandLine(args, new Dictionary<string, string> { ["--runs"] = "Pipeline:Runs" });

builder.Logging.ClearProviders(); // The console is a log sink of appsettings.json, whose lines end with their trace.
builder.AddPepperTelemetry().AddPipelineInstruments();

builder.Services.AddSingleton(PipelineSettings.Read(builder.Configuration));
builder.Services.AddSingleton<ReviewFeed>();
builder.Services.AddSingleton<ReviewFile>();
builder.Services.AddSingleton<SentimentClient>();
builder.Services.AddSingleton<ReviewStore>();
builder.Services.AddSingleton<ReviewPipeline>();
builder.Services.AddHostedService<SentimentService>();
builder.Services.AddHostedService<PipelineWorker>();

await builder.Build().RunAsync();
