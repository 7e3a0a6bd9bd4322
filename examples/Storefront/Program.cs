using Storefront;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
if (builder.Configuration["urls"] is null) builder.WebHost.UseUrls("http://localhost:5080");

if (builder.Configuration["SettingsFile"] is { } file)
{
    // A YAML file as an operator mounts it; the environment still has the last word.
    builder.Configuration.AddTelemetryYamlFile(file).AddEnvironmentVariables();
}

var telemetry = builder.AddPepperTelemetry();

// With a file, what cannot be delivered outlives the shop and is delivered by the next one.
if (builder.Configuration["Telemetry:Delivery:Outbox:Path"] is not null) telemetry.AddSqliteOutbox();

builder.Services.AddProblemDetails();
builder.Services.AddSingleton<ShopMetrics>();
builder.Services.AddPayments();
builder.Services.AddTraffic(builder.Configuration);

var app = builder.Build();
app.UseExceptionHandler();
app.MapHome();
app.MapOrders();
app.MapCheckout();
app.MapTrouble();
app.MapPepperTelemetry();
app.Lifetime.ApplicationStarted.Register(() => Home.PrintAddresses(app));

await app.RunAsync();
