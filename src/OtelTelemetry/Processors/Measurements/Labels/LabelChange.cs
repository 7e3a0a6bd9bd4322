using OtelTelemetry.Metrics;
using OtelTelemetry.Patterns;
using OtelTelemetry.Reading.Sdk;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace OtelTelemetry.Processors.Measurements.Labels;

/// <summary>One step of what rules do to the labels of a measurement. Immutable.</summary>
internal abstract class LabelChange
{
    /// <summary>Changes the labels.</summary>
    /// <returns>False when the measurement is left out.</returns>
    public abstract bool Apply(List<Tag> labels);

    /// <summary>The mark of the series that takes what finds no place: no rule removes it, or its values would count among others'.</summary>
    private protected static bool IsOverflow(in Tag label) => label.Key == MetricInstrument.OverflowLabel.Key;

    private protected static int IndexOf(List<Tag> labels, string name)
    {
        for (var i = 0; i < labels.Count; i++)
        {
            if (labels[i].Key == name) return i;
        }

        return -1;
    }

    /// <summary>Leaves out measurements whose labels match all patterns.</summary>
    internal sealed class Filter((string Label, WildcardPattern Pattern)[] conditions) : LabelChange
    {
        public override bool Apply(List<Tag> labels)
        {
            foreach (var (label, pattern) in conditions)
            {
                var index = IndexOf(labels, label);
                if (index < 0 || !pattern.IsMatch(TagText.Of(labels[index].Value))) return true;
            }

            return false;
        }
    }

    /// <summary>Keeps some labels only.</summary>
    internal sealed class Keep(string[] names) : LabelChange
    {
        public string[] Names => names;

        public override bool Apply(List<Tag> labels)
        {
            for (var i = labels.Count - 1; i >= 0; i--)
            {
                if (!names.Contains(labels[i].Key) && !IsOverflow(labels[i])) labels.RemoveAt(i);
            }

            return true;
        }
    }

    /// <summary>Drops some labels.</summary>
    internal sealed class Drop(string[] names) : LabelChange
    {
        public string[] Names => names;

        public override bool Apply(List<Tag> labels)
        {
            for (var i = labels.Count - 1; i >= 0; i--)
            {
                if (names.Contains(labels[i].Key) && !IsOverflow(labels[i])) labels.RemoveAt(i);
            }

            return true;
        }
    }

    /// <summary>Gives a label another value, by patterns in the order of how much they say.</summary>
    internal sealed class Map : LabelChange
    {
        private readonly string _label;
        private readonly (WildcardPattern Pattern, string Value)[] _values;

        public Map(string label, IEnumerable<KeyValuePair<string, string>> values)
        {
            _label = label;
            _values =
            [
                .. values.OrderBy(value => value.Key, StringComparer.Ordinal)
                    .Select(value => (Pattern: new WildcardPattern(value.Key, ignoreCase: false), value.Value))
                    .OrderBy(value => value.Pattern.HasWildcards)
                    .ThenByDescending(value => value.Pattern.Letters),
            ];
        }

        public override bool Apply(List<Tag> labels)
        {
            var index = IndexOf(labels, _label);
            if (index < 0) return true;
            var text = TagText.Of(labels[index].Value);
            foreach (var (pattern, value) in _values)
            {
                if (!pattern.IsMatch(text)) continue;
                labels[index] = new(_label, value);
                return true;
            }

            return true;
        }
    }

    /// <summary>Gives a label another name.</summary>
    internal sealed class Rename(string from, string to) : LabelChange
    {
        public override bool Apply(List<Tag> labels)
        {
            var index = IndexOf(labels, from);
            if (index < 0) return true;
            labels[index] = new(to, labels[index].Value);
            for (var i = labels.Count - 1; i >= 0; i--)
            {
                if (i != index && labels[i].Key == to) labels.RemoveAt(i);
            }

            return true;
        }
    }

    /// <summary>Adds a label that is not there.</summary>
    internal sealed class Add(string name, string value) : LabelChange
    {
        public override bool Apply(List<Tag> labels)
        {
            if (IndexOf(labels, name) < 0) labels.Add(new(name, value));
            return true;
        }
    }
}
