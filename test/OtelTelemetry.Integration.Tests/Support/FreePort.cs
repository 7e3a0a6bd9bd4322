using System.Net;
using System.Net.Sockets;

namespace OtelTelemetry.Integration.Tests.Support;

internal static class FreePort
{
    // Below the range the system hands to outgoing connections: nobody takes the port between the check and the server's start.
    private const int First = 20_000;
    private const int Last = 32_000;
    private static readonly HashSet<int> s_given = [];

    /// <summary>A loopback port nobody listens on, never given twice in a run.</summary>
    public static int Next()
    {
        lock (s_given)
        {
            while (true)
            {
                var port = Random.Shared.Next(First, Last);
                if (s_given.Add(port) && IsFree(port)) return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
