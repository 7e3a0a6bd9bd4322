using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.StatsD;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Exporters.StatsD;

public class StatsDPacketTests
{
    [Test]
    public void No_packet_is_above_the_limit_unless_one_line_alone_is_and_none_could_take_the_next_line() =>
        Prop.ForAll(
            Gen.Choose(0, 300).ListOf().ToArbitrary(),
            Gen.Choose(64, 200).ToArbitrary(),
            Gen.Elements(true, false).ToArbitrary(),
            (lengths, limit, ending) =>
            {
                var lines = lengths.Select((length, i) => i.ToString().PadRight(length + 1, 'x')).ToArray();
                var packets = Fill(lines, limit, ending);
                var separators = ending ? 1 : 0;
                for (var i = 0; i < packets.Count; i++)
                {
                    if (packets[i].Lines > 1) Assert.That(packets[i].Text, Has.Length.LessThanOrEqualTo(limit));
                    if (i + 1 == packets.Count) continue;
                    var next = packets[i + 1].Text.Split('\n')[0];
                    Assert.That(packets[i].Text.Length + 1 + next.Length, Is.GreaterThan(limit - separators));
                }

                Assert.That(string.Join('\n', packets.Select(packet => packet.Text.TrimEnd('\n'))), Is.EqualTo(string.Join('\n', lines)));
            }).QuickCheckThrowOnFailure();

    [Test]
    public void Whatever_labels_hold_a_line_has_one_name_one_value_one_type_and_its_tags() =>
        Prop.ForAll(
            ArbMap.Default.GeneratorFor<string>().Where(text => text is not null).ToArbitrary(),
            ArbMap.Default.GeneratorFor<string>().Where(text => text is not null).ToArbitrary(),
            Gen.Elements(StatsDDialect.Etsy, StatsDDialect.DogStatsD).ToArbitrary(),
            (first, second, dialect) =>
            {
                var server = new RecordingTransport();
                var exporter = new StatsDExporter(new StatsDExporterOptions { Dialect = dialect }, new ExporterContext("StatsD"), _ => server);
                var family = new MetricFamily(
                    new MetricDescriptor("n", MetricKind.Gauge, "", "", SomeFamilies.Scope),
                    [new MetricSample([new("a:b", first), new("c", second)], 1)]);
                Assert.That(exporter.ExportAsync([family]).AsTask().GetAwaiter().GetResult().Items, Is.EqualTo(1));
                var line = server.TakeText();
                if (dialect == StatsDDialect.Etsy)
                {
                    Assert.That(line, Does.Match(@"\An\.a_b\.[A-Za-z0-9_-]+\.c\.[A-Za-z0-9_-]+:1\|g\z"));
                }
                else
                {
                    var expected = (first.Length > 0 ? 1 : 0) + (second.Length > 0 ? 1 : 0);
                    Assert.That(line, Does.StartWith("n:1|g"));
                    Assert.That(line.Any(char.IsControl), Is.False);
                    Assert.That(line.Count(c => c == '|'), Is.EqualTo(expected == 0 ? 1 : 2));
                    Assert.That(line.Count(c => c == ','), Is.EqualTo(Math.Max(0, expected - 1)));
                    Assert.That(line.Count(c => c == '#'), Is.EqualTo(Math.Min(1, expected)));
                }
            }).QuickCheckThrowOnFailure();

    [Test]
    public void A_line_longer_than_a_packet_goes_alone() =>
        Assert.That(
            Fill(["short", new string('x', 200), "after"], 64, ending: false).Select(packet => packet.Text),
            Is.EqualTo(new[] { "short", new string('x', 200), "after" }));

    private static List<(string Text, int Lines)> Fill(IEnumerable<string> lines, int limit, bool ending)
    {
        var packets = new StatsDPackets(limit, ending);
        foreach (var line in lines) Assert.That(packets.Add(Encoding.UTF8.GetBytes(line), null), Is.True);
        packets.Seal();
        var sent = new List<(string, int)>();
        while (packets.TryTake(out var packet))
        {
            sent.Add((Encoding.UTF8.GetString(packet.Bytes.Span), packet.Lines));
            packets.Return(packet);
        }

        return sent;
    }
}
