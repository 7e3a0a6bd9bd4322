using System.Diagnostics;

// One link of a chain of services, for tests: asks the next (setting Next) and passes its answer on; the last answers with the baggage that came.
var builder = WebApplication.CreateBuilder(args);
builder.AddPepperTelemetry();
builder.Services.AddHttpClient();
var app = builder.Build();
app.MapGet("/work", async (IHttpClientFactory http, IConfiguration configuration) =>
{
    if (configuration["Next"] is not { } next) return string.Join(',', Activity.Current!.Baggage.Select(item => $"{item.Key}={item.Value}"));
    using var client = http.CreateClient();
    return await client.GetStringAsync(new Uri(new Uri(next), "/work"));
});
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine("The link is there."));
app.Run();
