using System.Globalization;
using System.Text;

namespace OtelTelemetry.Tests.Support;

/// <summary>A strict reader of Prometheus text and OpenMetrics, written from their specifications and not from the writer:
/// whatever is not allowed throws.</summary>
public sealed class ExpositionParser
{
    private readonly string _line;
    private int _at;

    private ExpositionParser(string line) => _line = line;

    public sealed record Sample(string Name, IReadOnlyList<KeyValuePair<string, string>> Labels, string Value, string? Exemplar)
    {
        public double Number => Value switch
        {
            "NaN" => double.NaN,
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ => double.Parse(Value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture),
        };

        public string? Label(string name) => Labels.FirstOrDefault(label => label.Key == name).Value;

        public string Key => Name + "{" + string.Join(",", Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value.Length}:{label.Value}")) + "}";
    }

    public sealed class Family(string name, string type)
    {
        public string Name { get; } = name;

        public string Type { get; } = type;

        public string? Help { get; set; }

        public string? Unit { get; set; }

        public List<Sample> Samples { get; } = [];
    }

    public static List<Family> Parse(byte[] body, bool openMetrics)
    {
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body);
        if (text.Contains('\0', StringComparison.Ordinal)) throw new FormatException("a NUL");
        if (text.Length > 0 && !text.EndsWith('\n')) throw new FormatException("the last line does not end");
        var lines = text.Split('\n')[..^1];
        if (openMetrics)
        {
            if (lines.Length == 0 || lines[^1] != "# EOF") throw new FormatException("no # EOF");
            lines = lines[..^1];
        }

        var families = new List<Family>();
        string? pendingHelp = null, pendingName = null;
        foreach (var line in lines)
        {
            if (line.Length == 0) throw new FormatException("an empty line");
            if (!line.StartsWith('#'))
            {
                if (families.Count == 0 || pendingHelp is not null) throw new FormatException($"a sample before its TYPE: {line}");
                AddSample(families[^1], new ExpositionParser(line).ReadSample(openMetrics), openMetrics);
                continue;
            }

            var parser = new ExpositionParser(line);
            parser.Expect("# ");
            var keyword = parser.Until(' ');
            parser.Expect(" ");
            var name = parser.ReadMetadataName();
            parser.Expect(" ");
            var rest = line[parser._at..];
            switch (keyword)
            {
                case "TYPE":
                    if (pendingName is not null && pendingName != name) throw new FormatException($"HELP of {pendingName} before TYPE of {name}");
                    if (families.Any(family => family.Name == name)) throw new FormatException($"a second TYPE of {name}");
                    if (rest is not ("counter" or "gauge" or "histogram" or "summary") && !(openMetrics && rest == "info")) throw new FormatException($"the type {rest}");
                    families.Add(new Family(name, rest) { Help = pendingHelp });
                    (pendingHelp, pendingName) = (null, null);
                    break;
                case "HELP" when openMetrics:
                    if (families[^1].Name != name || families[^1].Help is not null || families[^1].Samples.Count > 0) throw new FormatException(line);
                    families[^1].Help = Unescape(rest, quotes: true);
                    break;
                case "HELP":
                    (pendingHelp, pendingName) = (Unescape(rest, quotes: false), name);
                    break;
                case "UNIT" when openMetrics:
                    if (families[^1].Name != name || families[^1].Unit is not null || families[^1].Samples.Count > 0) throw new FormatException(line);
                    if (!name.EndsWith("_" + rest, StringComparison.Ordinal)) throw new FormatException($"the name does not end with the unit: {line}");
                    families[^1].Unit = rest;
                    break;
                default:
                    throw new FormatException(line);
            }
        }

        CheckWhole(families);
        return families;
    }

    private static void AddSample(Family family, Sample sample, bool openMetrics)
    {
        var allowed = (family.Type, openMetrics) switch
        {
            ("counter", true) => new[] { family.Name + "_total" },
            ("info", _) => [family.Name + "_info"],
            ("histogram", _) => [family.Name + "_bucket", family.Name + "_sum", family.Name + "_count"],
            ("summary", _) => [family.Name, family.Name + "_sum", family.Name + "_count"],
            _ => [family.Name],
        };
        if (!allowed.Contains(sample.Name)) throw new FormatException($"{sample.Name} in the {family.Type} {family.Name}");
        if (sample.Exemplar is not null && !(openMetrics && (family.Type == "counter" || sample.Name.EndsWith("_bucket", StringComparison.Ordinal))))
        {
            throw new FormatException($"an exemplar on {sample.Name}");
        }

        family.Samples.Add(sample);
    }

    private static void CheckWhole(List<Family> families)
    {
        var keys = new HashSet<string>();
        foreach (var family in families)
        {
            if (family.Samples.Count == 0) throw new FormatException($"{family.Name} has no samples");
            foreach (var sample in family.Samples)
            {
                if (!keys.Add(sample.Key)) throw new FormatException($"a second {sample.Key}");
            }

            if (family.Type == "histogram") CheckHistogram(family);
        }
    }

    private static void CheckHistogram(Family family)
    {
        foreach (var series in family.Samples.GroupBy(sample => string.Join(",", sample.Labels.Where(label => label.Key != "le"))))
        {
            var buckets = series.Where(sample => sample.Name == family.Name + "_bucket").ToList();
            var bound = double.NegativeInfinity;
            var count = 0.0;
            foreach (var bucket in buckets)
            {
                var le = (bucket with { Value = bucket.Label("le") ?? throw new FormatException("a bucket without le") }).Number;
                if (!(le > bound) || bucket.Number < count) throw new FormatException($"bucket {bucket.Key} {bucket.Value} is out of order");
                (bound, count) = (le, bucket.Number);
            }

            if (!double.IsPositiveInfinity(bound)) throw new FormatException("no +Inf bucket");
            if (series.Single(sample => sample.Name == family.Name + "_count").Number != count) throw new FormatException("the count is not the +Inf bucket");
            if (series.Count(sample => sample.Name == family.Name + "_sum") != 1) throw new FormatException("not one sum");
        }
    }

    private Sample ReadSample(bool openMetrics)
    {
        var labels = new List<KeyValuePair<string, string>>();
        string? name = null;
        if (Peek() != '{') name = ReadName(colons: true);
        if (Peek() == '{')
        {
            _at++;
            while (Peek() != '}' || labels.Count > 0)
            {
                var quoted = Peek() == '"';
                var text = quoted ? ReadQuoted() : ReadName(colons: false);
                if (quoted && Peek() != '=')
                {
                    if (name is not null || labels.Count > 0) throw Bad("no second name");
                    name = text;
                }
                else
                {
                    Expect("=");
                    labels.Add(new(text, ReadQuoted()));
                }

                if (Peek() != ',') break;
                _at++;
            }

            Expect("}");
        }

        if (name is null) throw Bad("no name");
        if (labels.Select(label => label.Key).Distinct().Count() != labels.Count) throw Bad("a label twice");
        if (labels.Any(label => label.Key.Length == 0 || label.Key.StartsWith("__", StringComparison.Ordinal))) throw Bad("a forbidden label name");
        Expect(" ");
        var value = Until(' ');
        string? exemplar = null;
        if (_at < _line.Length)
        {
            if (!openMetrics) throw Bad("more than a value");
            Expect(" # {");
            exemplar = _line[(_at - 1)..];
            var close = exemplar.IndexOf("} ", StringComparison.Ordinal);
            var numbers = exemplar[(close + 2)..].Split(' ');
            if (close < 0 || numbers.Length != 2) throw Bad("the exemplar");
            foreach (var number in numbers) _ = double.Parse(number, CultureInfo.InvariantCulture);
        }

        var sample = new Sample(name, labels, value, exemplar);
        _ = sample.Number;
        return sample;
    }

    private string ReadMetadataName() => Peek() == '"' ? ReadQuoted() : ReadName(colons: true);

    private string ReadName(bool colons)
    {
        var start = _at;
        while (_at < _line.Length && (char.IsAsciiLetter(_line[_at]) || _line[_at] == '_' || (colons && _line[_at] == ':') || (_at > start && char.IsAsciiDigit(_line[_at])))) _at++;
        if (_at == start) throw Bad("a name");
        return _line[start.._at];
    }

    private string ReadQuoted()
    {
        Expect("\"");
        var start = _at;
        while (Peek() != '"') _at += Peek() == '\\' ? 2 : 1;
        return Unescape(_line[start.._at++], quotes: true);
    }

    private static string Unescape(string text, bool quotes)
    {
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                result.Append(text[i]);
                continue;
            }

            if (++i == text.Length) throw new FormatException($"a lone backslash at the end of {text}");
            result.Append(text[i] switch
            {
                '\\' => '\\',
                'n' => '\n',
                '"' when quotes => '"',
                _ => throw new FormatException($"the escape \\{text[i]} in {text}"),
            });
        }

        return result.ToString();
    }

    private char Peek() => _at < _line.Length ? _line[_at] : throw Bad("more");

    private string Until(char end)
    {
        var start = _at;
        while (_at < _line.Length && _line[_at] != end) _at++;
        return _line[start.._at];
    }

    private void Expect(string text)
    {
        if (string.CompareOrdinal(_line, _at, text, 0, text.Length) != 0) throw Bad($"'{text}'");
        _at += text.Length;
    }

    private FormatException Bad(string expected) => new($"{expected} at {_at} of: {_line}");
}
