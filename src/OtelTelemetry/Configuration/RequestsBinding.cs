using System.Globalization;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Requests;

namespace OtelTelemetry.Configuration;

/// <summary>The settings of what is told of each request: reads and checks them.</summary>
internal static class RequestsBinding
{
    public static void Bind(SettingBinder binder, TelemetryRequestsOptions requests)
    {
        binder.Bind("Requests:BodySizes", Parse.Boolean, value => requests.BodySizes = value);
        var logging = requests.Logging;
        binder.Bind("Requests:Logging:Enabled", Parse.Boolean, value => logging.Enabled = value);
        binder.BindList("Requests:Logging:ExcludedPaths", values =>
        {
            logging.ExcludedPaths.Clear();
            foreach (var path in values) logging.ExcludedPaths.Add(path);
        });
        binder.Bind("Requests:Logging:SampleRate", Parse.Number, value => logging.SampleRate = value);
        binder.Bind("Requests:Logging:SlowerThan", Parse.OptionalDuration, value => logging.SlowerThan = value);
        binder.Bind("Requests:Logging:Level", Parse.Name<LogLevel>, value => logging.Level = value);
        binder.Bind("Requests:Logging:ClientErrorLevel", Parse.Name<LogLevel>, value => logging.ClientErrorLevel = value);
        binder.Bind("Requests:Logging:ServerErrorLevel", Parse.Name<LogLevel>, value => logging.ServerErrorLevel = value);
        binder.Bind("Requests:Logging:Query", Parse.Boolean, value => logging.Query = value);
        binder.Bind("Requests:Logging:ClientAddress", Parse.Boolean, value => logging.ClientAddress = value);
    }

    public static void Check(SettingReport report, RequestLoggingOptions logging)
    {
        const string levels = "Trace, Debug, Information, Warning, Error, Critical, None";
        TelemetryValidation.CheckDefined(report, "Requests:Logging:Level", logging.Level, levels);
        TelemetryValidation.CheckDefined(report, "Requests:Logging:ClientErrorLevel", logging.ClientErrorLevel, levels);
        TelemetryValidation.CheckDefined(report, "Requests:Logging:ServerErrorLevel", logging.ServerErrorLevel, levels);
        foreach (var path in logging.ExcludedPaths) TelemetryValidation.CheckPath(report, report.NameOfCollection("Requests:Logging:ExcludedPaths"), path);
        if (logging.SampleRate is not (>= 0 and <= 1))
        {
            report.Error(report.NameOf("Requests:Logging:SampleRate", logging.SampleRate), string.Create(CultureInfo.InvariantCulture, $"{logging.SampleRate} is not a part of all requests"), "Allowed: from 0 to 1, such as 0.1");
        }

        if (logging.SlowerThan <= TimeSpan.Zero)
        {
            report.Error(report.NameOf("Requests:Logging:SlowerThan", logging.SlowerThan), $"{logging.SlowerThan} is not more than zero", "Allowed: more than 0, such as 500ms");
        }
    }
}
