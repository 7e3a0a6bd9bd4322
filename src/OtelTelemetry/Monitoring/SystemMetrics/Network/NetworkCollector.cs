using System.Net.NetworkInformation;

namespace OtelTelemetry.Monitoring.SystemMetrics;

/// <summary>What each network interface receives and transmits: <c>system.network.io</c>, <c>.packet.count</c>, <c>.packet.dropped</c>, <c>.errors</c>.</summary>
internal sealed class NetworkCollector : ISystemCollector
{
    private static readonly string[] s_directions = ["receive", "transmit"];

    private readonly KernelFile? _dev;
    private readonly DeviceTable<Interface> _table;

    private NetworkCollector(SystemContext context, DeviceCollectorOptions options)
    {
        _dev = context.Has("net/dev") ? context.Open("net/dev") : null;
        string[] labels = ["network.interface.name", "network.io.direction"];
        var instruments = context.Instruments;
        SystemCounter[] counters =
        [
            instruments.Counter("system.network.io", "By", "Bytes that an interface received and transmitted.", labels),
            instruments.Counter("system.network.packet.count", "{packet}", "Packets that an interface received and transmitted.", labels),
            instruments.Counter("system.network.errors", "{error}", "Errors of an interface.", labels),
            instruments.Counter("system.network.packet.dropped", "{packet}", "Packets that an interface dropped.", labels),
        ];
        _table = new DeviceTable<Interface>(options.Exclude, name => new Interface(counters, name));
    }

    private sealed class Interface(SystemCounter[] counters, string name)
    {
        private readonly SystemCounterSeries[] _received = [.. counters.Select(counter => counter.With(name, s_directions[0]))];
        private readonly SystemCounterSeries[] _sent = [.. counters.Select(counter => counter.With(name, s_directions[1]))];

        public void Set(in NetworkTraffic received, in NetworkTraffic sent)
        {
            Set(_received, received);
            Set(_sent, sent);
        }

        private static void Set(SystemCounterSeries[] series, in NetworkTraffic traffic)
        {
            series[0].RaiseTo(traffic.Bytes);
            series[1].RaiseTo(traffic.Packets);
            series[2].RaiseTo(traffic.Errors);
            series[3].RaiseTo(traffic.Dropped);
        }
    }

    public static NetworkCollector Create(SystemContext context, DeviceCollectorOptions options) => new(context, options);

    public void Collect()
    {
        if (_dev is null)
        {
            CollectInterfaces();
        }
        else
        {
            var text = _dev.Read();
            while (NetworkLine.TryNext(ref text, out var network)) _table.Find(network.Name)?.Set(network.Received, network.Sent);
        }

        _table.EndPass();
    }

    private void CollectInterfaces()
    {
        foreach (var network in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (_table.Find(network.Name) is not { } series) continue;
            var (received, sent) = Read(network.GetIPStatistics());
            series.Set(received, sent);
        }
    }

    /// <summary>What .NET tells on every system.</summary>
    internal static (NetworkTraffic Received, NetworkTraffic Sent) Read(IPInterfaceStatistics statistics) =>
        (new NetworkTraffic(Count(statistics.BytesReceived), Count(statistics.UnicastPacketsReceived), Count(statistics.IncomingPacketsWithErrors), Count(statistics.IncomingPacketsDiscarded)),
         new NetworkTraffic(Count(statistics.BytesSent), Count(statistics.UnicastPacketsSent), Count(statistics.OutgoingPacketsWithErrors), 0));

    private static ulong Count(long value) => (ulong)Math.Max(0, value);
}
