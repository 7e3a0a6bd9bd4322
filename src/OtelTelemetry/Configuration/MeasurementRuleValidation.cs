using OtelTelemetry.Metrics;
using OtelTelemetry.Patterns;
using OtelTelemetry.Processors.Measurements;

namespace OtelTelemetry.Configuration;

/// <summary>Checks the rules for measurements, whoever wrote them. Every error is found, not only the first.</summary>
internal static class MeasurementRuleValidation
{
    public static void Check(SettingReport report, IList<MeasurementRule> rules)
    {
        for (var i = 0; i < rules.Count; i++)
        {
            if (rules[i] is null) report.Error($"TelemetryOptions.Metrics.Rules[{i}]", "it is null", "Allowed: a rule");
            else new Checker(report, rules[i], i).Check();
        }

        CheckNamesGivenTwice(report, rules);
    }

    private static string NameOf(MeasurementRule rule, int index, string property) =>
        rule.Key is { } key ? $"{SettingBinder.Section}:{key}:{property}" : $"TelemetryOptions.Metrics.Rules[{index}].{property}";

    /// <summary>Two instruments under one name would be one metric with both their numbers.</summary>
    private static void CheckNamesGivenTwice(SettingReport report, IList<MeasurementRule> rules)
    {
        for (var i = 0; i < rules.Count; i++)
        {
            if (rules[i] is not { Rename: { } name } rule || name.Contains('*')) continue;
            for (var earlier = 0; earlier < i; earlier++)
            {
                if (rules[earlier] is not { } other || !name.Equals(other.Rename, StringComparison.OrdinalIgnoreCase)) continue;
                if (Same(rule.Instrument, other.Instrument) || Apart(rule.Meter, other.Meter)) continue;
                report.Error(
                    NameOf(rule, i, "Rename"),
                    $"'{name}' is given to instrument '{other.Instrument}' already, by {NameOf(other, earlier, "Rename")}",
                    "Allowed: a name of its own for every instrument of a meter");
            }
        }

        static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

        static bool Apart(string left, string right) => WildcardPattern.IsExact(left) && WildcardPattern.IsExact(right) && !Same(left, right);
    }

    private sealed class Checker(SettingReport report, MeasurementRule rule, int index)
    {
        public void Check()
        {
            CheckPattern("Meter", rule.Meter);
            CheckPattern("Instrument", rule.Instrument);
            CheckEffect();
            CheckRename();
            CheckNumbers();
            CheckLabels();
        }

        private void CheckPattern(string property, string? pattern)
        {
            if (string.IsNullOrWhiteSpace(pattern)) Error(property, "it is empty", "Allowed: a name, in which * stands for any text and ? for one letter");
        }

        private void CheckEffect()
        {
            var changes = rule.ChangesLabels || rule.Rename is not null || rule.Buckets.Count + rule.Quantiles.Count > 0 || rule.GaugeMerge is not null;
            if (rule.Deny && changes)
            {
                Error("Deny", "it is true, and the rule says what to do with the same instruments besides", "Allowed: true alone; remove what else the rule says, or Deny");
            }
            else if (!rule.Deny && !changes)
            {
                Error("Instrument", $"the rule for '{rule.Instrument}' does nothing", "Allowed: a rule with at least one of Deny, Rename, Buckets, KeepLabels, DropLabels, MapLabels, RenameLabels, AddLabels, DropWhere, GaugeMerge, Quantiles");
            }
        }

        private void CheckRename()
        {
            if (rule.Rename is not { } name) return;
            try
            {
                MetricNames.CheckMetricName(name.Replace("*", "x", StringComparison.Ordinal));
            }
            catch (ArgumentException)
            {
                Error("Rename", $"'{name}' cannot be a metric's name", "Allowed: a letter, then letters, digits, '_', '.', '-' and '/'; * for the old name");
                return;
            }

            if (!name.Contains('*') && rule.Instrument is not null && !WildcardPattern.IsExact(rule.Instrument))
            {
                Error("Rename", $"'{name}' would be the name of every instrument that matches '{rule.Instrument}'", "Allowed: a name with * for the old one, such as shop.*, or an Instrument without wildcards");
            }
        }

        private void CheckNumbers()
        {
            if (!Holds(() => MetricNames.CheckBuckets("", [.. rule.Buckets])))
            {
                Error("Buckets", $"{Show(rule.Buckets)} is not in ascending order", "Allowed: finite numbers, each larger than the one before, such as 0.1, 0.5, 1");
            }

            if (!Holds(() => MetricNames.CheckQuantiles("", [.. rule.Quantiles])))
            {
                Error("Quantiles", $"{Show(rule.Quantiles)} has what is no quantile", "Allowed: numbers from 0 to 1; the 95th percentile is 0.95");
            }

            if (rule.GaugeMerge is { } merge && !Enum.IsDefined(merge))
            {
                Error("GaugeMerge", $"{merge} is not defined", "Allowed: " + string.Join(", ", Enum.GetNames<GaugeMerge>()));
            }
        }

        private void CheckLabels()
        {
            NoBlanks("KeepLabels", rule.KeepLabels);
            NoBlanks("DropLabels", rule.DropLabels);
            NoBlanks("MapLabels", rule.MapLabels.Keys);
            NoBlanks("DropWhere", rule.DropWhere.Keys);
            NoBlanks("RenameLabels", rule.RenameLabels.Keys);
            if (rule.KeepLabels.Count > 0 && rule.DropLabels.Count > 0)
            {
                Error("DropLabels", "it stands beside KeepLabels, which drops every other label", "Allowed: one of the two");
            }

            foreach (var (label, values) in rule.MapLabels)
            {
                if (values is null || values.Count == 0) Error($"MapLabels:{label}", "there is no value in it", "Allowed: patterns and what takes their place, such as /api/*=api,*=other");
                else if (values.Any(value => value.Value is null)) Error($"MapLabels:{label}", "a value is null", "Allowed: texts");
            }

            if (rule.DropWhere.Values.Any(pattern => pattern is null)) Error("DropWhere", "a pattern is null", "Allowed: texts, in which * stands for any text");
            if (rule.AddLabels.Values.Any(value => value is null)) Error("AddLabels", "a value is null", "Allowed: texts");
            NewNames("AddLabels", rule.AddLabels.Keys);
            NewNames("RenameLabels", rule.RenameLabels.Values);
            foreach (var name in rule.RenameLabels.Values.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1))
            {
                Error("RenameLabels", $"two labels get the name '{name.Key}'", "Allowed: a name of its own for each");
            }

            foreach (var (from, to) in rule.RenameLabels)
            {
                if (to is not null && rule.RenameLabels.ContainsKey(to)) Error("RenameLabels", $"'{from}' becomes '{to}', which is renamed itself", "Allowed: new names that are no old names; write two rules to exchange labels");
            }
        }

        private void NoBlanks(string property, IEnumerable<string> names)
        {
            if (names.Any(string.IsNullOrWhiteSpace)) Error(property, "a label's name is empty", "Allowed: names that are not empty");
        }

        private void NewNames(string property, IEnumerable<string> names)
        {
            foreach (var name in names)
            {
                if (name is not ("le" or "quantile" or null) && Holds(() => MetricNames.CheckLabelNames("", [name], [], reserved: null))) continue;
                Error(property, $"'{name}' cannot be a label's name", "Allowed: names that are not empty, do not begin with '__', and are not le or quantile");
            }
        }

        private void Error(string property, string problem, string remedy) => report.Error(NameOf(rule, index, property), problem, remedy);

        private static string Show(IEnumerable<double> numbers) =>
            string.Join(", ", numbers.Select(number => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture)));

        private static bool Holds(Action check)
        {
            try
            {
                check();
                return true;
            }
            catch (ArgumentException)
            {
                return false;
            }
        }
    }
}
