using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Logging.Levels;
using OtelTelemetry.Tests.Processors.Logs;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Logging;

public class LiveLogLevelTests
{
    private readonly FakeClock _clock = new();

    [Test]
    public void The_level_of_the_configuration_holds_for_categories_without_their_own()
    {
        using var host = Start(("Telemetry:Logs:Level", "Warning"), ("Logging:LogLevel:Shop.Orders", "Debug"));

        Say(host, "Shop.Orders");
        Say(host, "Shop.Basket");

        Assert.That(Said(host), Is.EqualTo(new[] { "Shop.Orders Debug", "Shop.Orders Information", "Shop.Orders Warning", "Shop.Basket Warning" }));
    }

    [Test]
    public void Levels_of_categories_beat_the_applications()
    {
        using var host = Start(("Telemetry:Logs:Levels:Shop.Orders", "Warning"), ("Logging:LogLevel:Shop", "Debug"));

        Say(host, "Shop.Orders.Late");
        Say(host, "Shop.Basket");

        Assert.That(Said(host), Is.EqualTo(new[] { "Shop.Orders.Late Warning", "Shop.Basket Debug", "Shop.Basket Information", "Shop.Basket Warning" }));
    }

    [Test]
    public void Rules_for_OpenTelemetry_alone_stay_in_force()
    {
        using var host = Start(("Telemetry:Logs:Levels:Other", "Trace"), ("Logging:LogLevel:Shop.Orders", "Debug"), ("Logging:OpenTelemetry:LogLevel:Shop", "Warning"));

        Say(host, "Shop.Orders");

        Assert.That(Said(host), Is.EqualTo(new[] { "Shop.Orders Warning" }));
    }

    [Test]
    public void A_changed_configuration_changes_levels_while_the_application_runs()
    {
        using var host = Start(("Telemetry:Logs:Level", "Warning"));
        Say(host, "Shop.Orders");

        Reload(host, "Telemetry:Logs:Level", "Debug");
        Say(host, "Shop.Orders");
        Reload(host, "Telemetry:Logs:Level", "loud");
        Say(host, "Shop.Basket");
        Reload(host, "Telemetry:Logs:Level", "Warning");
        Say(host, "Shop.Orders");

        Assert.That(Said(host), Is.EqualTo(new[]
        {
            "Shop.Orders Warning",
            "Shop.Orders Debug", "Shop.Orders Information", "Shop.Orders Warning",
            "Shop.Basket Debug", "Shop.Basket Information", "Shop.Basket Warning",
            "Shop.Orders Warning",
        }));
    }

    [Test]
    public void A_level_set_for_a_while_ends_by_itself()
    {
        using var host = Start(("Logging:LogLevel:Default", "Warning"));
        var levels = Levels(host);
        levels.Set("Shop.Orders", LogLevel.Debug, TimeSpan.FromMinutes(10));

        Say(host, "Shop.Orders");
        Say(host, "Shop.Basket");
        var during = levels.Overrides;
        _clock.Advance(TimeSpan.FromMinutes(10));
        Say(host, "Shop.Orders");

        Assert.That(during, Is.EqualTo(new[] { new LogLevelOverride("Shop.Orders", LogLevel.Debug, _clock.GetUtcNow()) }));
        Assert.That(levels.Overrides, Is.Empty);
        Assert.That(Said(host), Is.EqualTo(new[] { "Shop.Orders Debug", "Shop.Orders Information", "Shop.Orders Warning", "Shop.Basket Warning", "Shop.Orders Warning" }));
    }

    [Test]
    public void A_level_set_for_a_while_can_be_ended_before()
    {
        using var host = Start(("Logging:LogLevel:Default", "Warning"));
        var levels = Levels(host);
        levels.Set("", LogLevel.Debug, TimeSpan.FromMinutes(10));

        Assert.That((levels.Reset(""), levels.Reset("")), Is.EqualTo((true, false)));
        Say(host, "Shop.Orders");

        Assert.That(Said(host), Is.EqualTo(new[] { "Shop.Orders Warning" }));
    }

    [Test]
    public async Task What_begins_in_a_flow_of_control_is_logged_in_more_detail_and_nothing_else()
    {
        using var host = Start(("Logging:LogLevel:Default", "Warning"), ("Logging:LogLevel:Shop.Off", "None"));
        var levels = Levels(host);
        Task left;

        using (levels.Begin())
        {
            await Task.Run(() => Say(host, "Shop.Orders"));
            Say(host, "Shop.Off");
            left = Task.Run(async () =>
            {
                await Task.Yield();
                while (levels.Overrides.Count == 0) await Task.Yield();
                Say(host, "Shop.Late");
            });
            Task elsewhere;
            using (ExecutionContext.SuppressFlow()) elsewhere = Task.Run(() => Say(host, "Shop.Basket"));
            await elsewhere;
        }

        Say(host, "Shop.Orders");
        levels.Set("Other", LogLevel.None, TimeSpan.FromMinutes(1));
        await left;

        Assert.That(Said(host), Is.EqualTo(new[] { "Shop.Orders Debug", "Shop.Orders Information", "Shop.Orders Warning", "Shop.Basket Warning", "Shop.Orders Warning", "Shop.Late Warning" }));
    }

    [Test]
    public void A_token_holds_until_its_end_and_for_its_secret_alone()
    {
        const string secret = "0123456789abcdef0123456789abcdef";
        var token = LogLevelToken.Create(secret, LogLevel.Debug, DateTimeOffset.FromUnixTimeSeconds(1_790_000_600));
        var now = DateTimeOffset.FromUnixTimeSeconds(1_790_000_000);

        // openssl: printf 'Debug.1790000600' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef
        Assert.That(token, Does.StartWith("Debug.1790000600."));
        Assert.That(LogLevelToken.Read(token, secret, now), Is.EqualTo(LogLevel.Debug));
        Assert.That(LogLevelToken.Read(token, secret, now.AddMinutes(10)), Is.Null, "ended");
        Assert.That(LogLevelToken.Read(token, secret, now.AddDays(-2)), Is.Null, "holds too long");
        Assert.That(LogLevelToken.Read(token, secret + "x", now), Is.Null, "another secret");
        Assert.That(LogLevelToken.Read(token.Replace("Debug", "Trace", StringComparison.Ordinal), secret, now), Is.Null, "another level");
        Assert.That(LogLevelToken.Read(token.Replace("600.", "900.", StringComparison.Ordinal), secret, now), Is.Null, "another end");
    }

    [TestCase("")]
    [TestCase(".")]
    [TestCase("..")]
    [TestCase("Debug")]
    [TestCase("Debug.1790000600.")]
    [TestCase("Debug.1790000600.zz")]
    [TestCase("0123456789abcdef0123456789abcdef")]
    public void What_is_no_token_is_refused(string token) =>
        Assert.That(LogLevelToken.Read(token, "0123456789abcdef0123456789abcdef", DateTimeOffset.FromUnixTimeSeconds(1_790_000_000)), Is.Null);

    [Test]
    public void Wrong_settings_are_reported_without_the_secret()
    {
        var error = Assert.Throws<TelemetryConfigurationException>(() => Start(("Telemetry:Logs:Requests:Secret", "hunter2"), ("Telemetry:Logs:Requests:SampleRate", "2"), ("Telemetry:Logs:Levels:Shop", "loud")));

        Assert.That(error!.Message, Does.Contain("Telemetry:Logs:Requests:Secret").And.Contain("Telemetry:Logs:Requests:SampleRate").And.Contain("Telemetry:Logs:Levels:Shop").And.Not.Contain("hunter2"));
    }

    private LogHost Start(params (string, string)[] settings) => LogHost.Start(
        builder =>
        {
            builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
            builder.AddPepperTelemetry();
        },
        clock: _clock,
        settings: settings);

    private static LiveLogLevels Levels(LogHost host) => host.Services.GetRequiredService<TelemetryManager>().LogLevels;

    private static void Say(LogHost host, string category)
    {
        var logger = host.LoggerOf(category);
        foreach (var level in new[] { LogLevel.Debug, LogLevel.Information, LogLevel.Warning })
        {
            if (logger.IsEnabled(level)) logger.Log(level, "{Category} {Level}", category, level);
        }
    }

    private static IEnumerable<string> Said(LogHost host) => host.Lines.Where(line => line.Category.StartsWith("Shop.", StringComparison.Ordinal)).Select(line => $"{line.Category} {line.Level}");

    private static void Reload(LogHost host, string key, string value)
    {
        var configuration = (IConfigurationRoot)host.Services.GetRequiredService<IConfiguration>();
        configuration[key] = value;
        configuration.Reload();
    }
}
