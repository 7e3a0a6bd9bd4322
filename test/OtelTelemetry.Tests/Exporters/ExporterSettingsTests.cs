using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OtelTelemetry.Configuration;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.Console;
using OtelTelemetry.Exporters.JsonFile;
using OtelTelemetry.Exporters.JsonLines;
using OtelTelemetry.Exporters.Pushgateway;
using OtelTelemetry.Exporters.RemoteWrite;
using OtelTelemetry.Exporters.TextFile;

namespace OtelTelemetry.Tests.Exporters;

public class ExporterSettingsTests
{
    private const string All = """
        { "Telemetry": { "Exporters": {
            "TextFile": { "Path": "/tmp/a.prom", "Mode": "600", "Prefix": "shop", "TargetInfo": false, "Interval": "1m", "Timeout": "5s", "Include": ["a*"], "Exclude": "b,c", "Where": { "region": "eu" } },
            "Document": { "Type": "jsonfile", "Path": "/tmp/a.json", "Mode": "640" },
            "JsonLines": { "Path": "/tmp/a.jsonl", "Mode": "0600", "MaxFileBytes": 5000000000, "MaxFiles": 9 },
            "Console": { "MaxRows": 10, "Width": 80 },
            "Pushgateway": { "Endpoint": "http://push:9091", "Job": "j", "Grouping": { "instance": "i" }, "Replace": false, "DeleteOnShutdown": true, "Username": "u", "Password": "p", "Headers": { "A": "b" }, "Prefix": "x", "TargetInfo": false },
            "RemoteWrite": { "Endpoint": "http://prom:9090/w", "BearerToken": "t", "Headers": { "A": "b" }, "Job": "j", "Instance": "i", "ExternalLabels": { "region": "eu" }, "Prefix": "x", "ScopeLabels": true, "TargetInfo": false,
                "Exemplars": false, "NativeHistograms": false, "MetadataInterval": "5m", "StaleMarkers": false, "MaxSamplesPerRequest": 7, "MaxRequestBytes": 2048 },
            "Off": { "Type": "Console", "Enabled": false } } } }
        """;

    [Test]
    public void Every_type_is_read_with_all_its_settings()
    {
        RemoteWriteExporterBuilderExtensions.MakeKnown();
        var exporters = Settings(All).Options.Exporters;
        Assert.That(exporters.Keys, Is.EquivalentTo(new[] { "TextFile", "Document", "JsonLines", "Console", "Pushgateway", "RemoteWrite" }));
        AssertAllChanged((TextFileExporterOptions)exporters["TextFile"], new TextFileExporterOptions());
        AssertAllChanged((JsonFileExporterOptions)exporters["Document"], new JsonFileExporterOptions(), "Interval", "Timeout");
        AssertAllChanged((JsonLinesExporterOptions)exporters["JsonLines"], new JsonLinesExporterOptions(), "Interval", "Timeout");
        AssertAllChanged((ConsoleExporterOptions)exporters["Console"], new ConsoleExporterOptions(), "Interval", "Timeout", "Output");
        AssertAllChanged((PushgatewayExporterOptions)exporters["Pushgateway"], new PushgatewayExporterOptions(), "Interval", "Timeout", "BearerToken");
        AssertAllChanged((RemoteWriteExporterOptions)exporters["RemoteWrite"], new RemoteWriteExporterOptions(), "Interval", "Timeout", "Username", "Password");

        var text = (TextFileExporterOptions)exporters["TextFile"];
        Assert.That((text.Path, text.Mode, text.Interval, text.Include[0], text.Exclude.Count, text.Where["region"]), Is.EqualTo(
            ("/tmp/a.prom", UnixFileMode.UserRead | UnixFileMode.UserWrite, TimeSpan.FromMinutes(1), "a*", 2, "eu")));
        Assert.That(((RemoteWriteExporterOptions)exporters["RemoteWrite"]).ExternalLabels["region"], Is.EqualTo("eu"));
        Assert.That(((PushgatewayExporterOptions)exporters["Pushgateway"]).Grouping["instance"], Is.EqualTo("i"));
        foreach (var options in exporters.Values) Assert.That(options.Create(new ExporterContext("x")), Is.Not.Null);
    }

    [Test]
    public void Every_mistake_is_told_at_once_and_no_secret()
    {
        RemoteWriteExporterBuilderExtensions.MakeKnown();
        var errors = Assert.Throws<TelemetryConfigurationException>(() => Settings("""
            { "Telemetry": { "Exporters": {
                "TextFile": { "Mode": "rw-r--r--" },
                "Pushgateway": { "Password": "pass-word", "Grouping": { "job": "x" } },
                "RemoteWrite": { "Endpoint": "nowhere", "BearerToken": "töken" } } } }
            """))!.Errors.Select(error => error.ToString()).ToArray();
        Assert.That(errors, Has.Some.StartsWith("Telemetry:Exporters:TextFile:Mode: 'rw-r--r--' is no mode of a file"));
        Assert.That(errors, Has.Some.Contains("Path: there is no path"));
        Assert.That(errors, Has.Some.Contains("Username: there is a password for nobody"));
        Assert.That(errors, Has.Some.Contains("Grouping:job"));
        Assert.That(errors, Has.Some.StartsWith("Telemetry:Exporters:RemoteWrite:Endpoint: 'nowhere' is not an address"));
        Assert.That(errors, Has.Some.Contains("the token (hidden)"));
        Assert.That(errors, Has.None.Contains("pass-word").And.None.Contains("töken"));
    }

    [Test]
    public void Each_can_be_added_in_code_under_its_own_name()
    {
        var services = new ServiceCollection();
        services.AddPepperTelemetry()
            .AddTextFileExporter(configure: options => options.Path = "/tmp/a.prom")
            .AddTextFileExporter("Second", options => options.Path = "/tmp/b.prom")
            .AddJsonFileExporter(configure: options => options.Path = "/tmp/a.json")
            .AddJsonLinesExporter(configure: options => options.Path = "/tmp/a.jsonl")
            .AddConsoleExporter()
            .AddPushgatewayExporter()
            .AddRemoteWriteExporter();
        using var provider = services.BuildServiceProvider();
        var exporters = provider.GetRequiredService<TelemetrySettings>().Options.Exporters;
        Assert.That(exporters.ToDictionary(pair => pair.Key, pair => pair.Value.GetType().Name), Is.EquivalentTo(new Dictionary<string, string>
        {
            ["TextFile"] = nameof(TextFileExporterOptions), ["Second"] = nameof(TextFileExporterOptions), ["JsonFile"] = nameof(JsonFileExporterOptions),
            ["JsonLines"] = nameof(JsonLinesExporterOptions), ["Console"] = nameof(ConsoleExporterOptions), ["Pushgateway"] = nameof(PushgatewayExporterOptions),
            ["RemoteWrite"] = nameof(RemoteWriteExporterOptions),
        }));
        Assert.That(((TextFileExporterOptions)exporters["Second"]).Path, Is.EqualTo("/tmp/b.prom"));
    }

    [TestCase("RemoteWrite", "remote_write")]
    [TestCase("my exporter!", "my_exporter")]
    [TestCase("EU-2", "eu_2")]
    [TestCase("2nd", "exporter_2nd")]
    public void Names_for_metrics_are_made_of_instances_names(string instance, string expected) => Assert.That(ExporterSetup.NameOf(instance), Is.EqualTo(expected));

    [Test]
    public void Zipkin_is_read_from_section_and_variables()
    {
        var zipkin = Settings("""
            { "OTEL_EXPORTER_ZIPKIN_ENDPOINT": "http://zipkin:9411/api/v2/spans", "OTEL_EXPORTER_ZIPKIN_TIMEOUT": "3000",
              "Telemetry": { "Zipkin": { "Headers": { "A": "b" }, "MaxRequestBytes": 2048, "ShortTraceIds": true, "LocalEndpoint": { "ServiceName": "s", "IpAddress": "::1", "Port": 80 }, "Batch": { "QueueSize": 600 } } } }
            """).Options.Zipkin;
        Assert.That(
            (zipkin.Endpoint!.Host, zipkin.Timeout, zipkin.Headers["A"], zipkin.MaxRequestBytes, zipkin.ShortTraceIds, zipkin.LocalEndpoint.ServiceName, zipkin.LocalEndpoint.IpAddress),
            Is.EqualTo(("zipkin", TimeSpan.FromSeconds(3), "b", 2048, true, "s", "::1")));
        Assert.That((zipkin.LocalEndpoint.Port, zipkin.Batch.QueueSize), Is.EqualTo(((int?)80, 600)));
    }

    [TestCase("""{ "OTEL_TRACES_EXPORTER": "zipkin" }""", true)]
    [TestCase("""{ "OTEL_TRACES_EXPORTER": "none", "Telemetry": { "Zipkin": { "Endpoint": "http://zipkin" } } }""", false)]
    [TestCase("""{ "Telemetry": { "Zipkin": { "Endpoint": "http://zipkin" } } }""", true)]
    [TestCase("""{ "Telemetry": { "Traces": { "Enabled": false }, "Zipkin": { "Endpoint": "http://zipkin" } } }""", false)]
    [TestCase("{}", false)]
    public void Spans_go_to_Zipkin_where_somebody_says_so(string json, bool expected) =>
        Assert.That(OtelTelemetry.Exporters.Zipkin.ZipkinPipeline.IsOn(Settings(json).Options), Is.EqualTo(expected));

    [Test]
    public void What_is_wrong_of_Zipkin_is_told()
    {
        var errors = Assert.Throws<TelemetryConfigurationException>(() => Settings("""
            { "Telemetry": { "Zipkin": { "Endpoint": "ftp://x", "MaxRequestBytes": 1, "Timeout": "0s", "LocalEndpoint": { "IpAddress": "home", "Port": 0 }, "Batch": { "BatchSize": 0 } } } }
            """))!.Errors.Select(error => error.Setting);
        Assert.That(errors, Is.EquivalentTo(new[] { "Endpoint", "MaxRequestBytes", "Timeout", "LocalEndpoint:IpAddress", "LocalEndpoint:Port", "Batch:BatchSize" }.Select(name => "Telemetry:Zipkin:" + name)));
    }

    /// <summary>Every setting that has a key is another one than its default, so that one that is not read shows.</summary>
    private static void AssertAllChanged<T>(T options, T defaults, params string[] unset)
        where T : MetricsExporterOptions
    {
        foreach (var property in typeof(T).GetProperties().Where(property => property.CanWrite && !unset.Contains(property.Name)))
        {
            Assert.That(property.GetValue(options), Is.Not.EqualTo(property.GetValue(defaults)), $"{typeof(T).Name}.{property.Name}");
        }
    }

    private static TelemetrySettings Settings(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return TelemetrySettings.Create(new ConfigurationBuilder().AddJsonStream(stream).Build(), environment: null, []);
    }
}
