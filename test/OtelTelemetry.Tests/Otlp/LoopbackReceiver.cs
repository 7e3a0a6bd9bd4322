using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OtelTelemetry.Tests.Otlp;

/// <summary>Takes OTLP over http/protobuf on a free port of this machine, and keeps what came.</summary>
internal sealed class LoopbackReceiver : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<Delivery> _deliveries = new();

    public LoopbackReceiver()
    {
        Address = new Uri($"http://127.0.0.1:{FreePort()}");
        _listener.Prefixes.Add(Address + "");
        _listener.Start();
        _ = Task.Run(Accept);
    }

    public Uri Address { get; }

    public IReadOnlyList<Delivery> Deliveries => [.. _deliveries];

    /// <summary>How often a text stands in what came at a path. Texts are plain UTF-8 inside protobuf.</summary>
    public int Count(string path, string text) =>
        Deliveries.Where(delivery => delivery.Path == path).Sum(delivery => delivery.Body.AsSpan().Count(Encoding.UTF8.GetBytes(text)));

    public void Dispose() => _listener.Close();

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private async Task Accept()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception)
            {
                return;
            }

            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            var headers = context.Request.Headers.AllKeys.ToDictionary(key => key!, key => context.Request.Headers[key]!, StringComparer.OrdinalIgnoreCase);
            _deliveries.Enqueue(new Delivery(context.Request.Url!.AbsolutePath, headers, body.ToArray()));
            context.Response.ContentType = "application/x-protobuf";
            context.Response.Close();
        }
    }

    internal sealed record Delivery(string Path, Dictionary<string, string> Headers, byte[] Body);
}
