using System.Text;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>Collects UTF-8 text that is rendered once and kept. Not for the scrape itself.</summary>
internal sealed class TextBuilder
{
    private readonly StringBuilder _text = new();

    public int Length => _text.Length;

    public TextBuilder Add(string text)
    {
        _text.Append(text);
        return this;
    }

    public TextBuilder Add(char c)
    {
        _text.Append(c);
        return this;
    }

    /// <summary>Adds text inside double quotes, or of a HELP line: escaped, and with nothing in it that could break the line or the encoding.</summary>
    public TextBuilder AddEscaped(string text, bool quotes = true)
    {
        foreach (var c in ExportableText.Of(text))
        {
            switch (c)
            {
                case '\\':
                    _text.Append(@"\\");
                    break;
                case '\n':
                    _text.Append(@"\n");
                    break;
                case '"' when quotes:
                    _text.Append("\\\"");
                    break;
                default:
                    _text.Append(c);
                    break;
            }
        }

        return this;
    }

    /// <summary>Adds a label: <c>name="value"</c>, the name quoted when it needs to be.</summary>
    public TextBuilder AddLabel(string name, string value)
    {
        AddLabelName(name).Add("=\"");
        return AddEscaped(value).Add('"');
    }

    public TextBuilder AddLabelName(string name) =>
        PrometheusNames.IsLegacyLabel(name) ? Add(name) : Add('"').AddEscaped(name).Add('"');

    /// <summary>Adds a metric's name as metadata lines have it: quoted when it needs to be.</summary>
    public TextBuilder AddMetricName(string name) =>
        PrometheusNames.IsLegacyMetric(name) ? Add(name) : Add('"').AddEscaped(name).Add('"');

    /// <summary>What was added, as UTF-8.</summary>
    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(_text.ToString());

    public override string ToString() => _text.ToString();
}
