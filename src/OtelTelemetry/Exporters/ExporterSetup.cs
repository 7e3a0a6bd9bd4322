using System.Text;

namespace OtelTelemetry.Exporters;

/// <summary>What the constructors of exporters have in common.</summary>
internal static class ExporterSetup
{
    /// <summary>Refuses wrong settings, all at once.</summary>
    /// <exception cref="ArgumentException">Settings are wrong; the message names all of them.</exception>
    public static void Check(MetricsExporterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = options.Check().Select(error => $"{options.GetType().Name}.{error.Property}: {error.Problem}. {error.Remedy}.").ToArray();
        if (errors.Length > 0) throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(options));
    }

    /// <summary>An instance's name as one for metrics and messages: <c>RemoteWrite</c> is <c>remote_write</c>.</summary>
    public static string NameOf(string instanceName)
    {
        var name = new StringBuilder(instanceName.Length + 4);
        var previous = '\0';
        foreach (var c in instanceName)
        {
            var begins = !char.IsAsciiLetterOrDigit(c) || (char.IsAsciiLetterUpper(c) && char.IsAsciiLetterLower(previous));
            if (begins && name.Length > 0 && name[^1] != '_') name.Append('_');
            if (char.IsAsciiLetterOrDigit(c)) name.Append(char.ToLowerInvariant(c));
            previous = c;
        }

        if (name.Length == 0 || !char.IsAsciiLetterLower(name[0])) name.Insert(0, "exporter_");
        return name.ToString().TrimEnd('_');
    }
}
