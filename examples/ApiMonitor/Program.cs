using ApiMonitor;
using OtelTelemetry.Monitoring;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
if (builder.Configuration["urls"] is null) builder.WebHost.UseUrls("http://localhost:5090");
builder.Services.AddSingleton<ApiTelemetry>();
builder.AddPepperTelemetry()
    .AddMonitor((services, monitor) => services.GetRequiredService<ApiTelemetry>().Register(monitor));

var app = builder.Build();
app.MapPepperTelemetry(); // GET /metrics

var api = app.MapGroup("/api");
api.MapGet("/users/{id:int}", (int id) => id == 404 ? Results.NotFound() : Results.Ok(new { id, name = $"user {id}" }));
api.MapPost("/users", () => Results.Created("/api/users/1", null));
api.MapGet("/broken", IResult () => throw new InvalidOperationException("The part that breaks."));

// What the monitor saw lately, by metric.
app.MapGet("/history/{metric}", (string metric, PerformanceMonitor monitor) =>
    monitor.GetHistory(metric).Select(point => new { point.Time, point.Value, Labels = point.Labels.ToString() }));

app.UseWhen(
    context => context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal),
    branch => branch.Use(next => context => app.Services.GetRequiredService<ApiTelemetry>().Track(context, next)));
app.Run();
