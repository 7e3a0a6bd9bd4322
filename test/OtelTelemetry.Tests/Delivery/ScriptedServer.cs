using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OtelTelemetry.Tests.Delivery;

/// <summary>An HTTP/1.1 server that answers as a test says, also wrongly. One request a connection.</summary>
internal sealed class ScriptedServer : IDisposable
{
    public const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    private readonly ConcurrentQueue<Received> _requests = new();
    private readonly ConcurrentBag<TcpClient> _open = [];
    private TcpListener? _listener;

    /// <param name="answer">The answer to the request of that number, from 1; null never answers. The connection is closed after it.</param>
    public ScriptedServer(Func<int, Received, string?> answer)
    {
        Answer = answer;
        Start(0);
    }

    public Func<int, Received, string?> Answer { get; set; }

    public int Port { get; private set; }

    public Uri Address => new($"http://127.0.0.1:{Port}/in");

    public IReadOnlyList<Received> Requests => [.. _requests];

    public IEnumerable<string> Bodies => Requests.Select(request => request.Body);

    public static string Status(int status, string headers = "", string body = "") =>
        $"HTTP/1.1 {status} Scripted\r\n{headers}Content-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";

    /// <summary>Refuses connections from now on.</summary>
    public void Stop() => _listener?.Stop();

    /// <summary>Listens again where it did.</summary>
    public void Restart() => Start(Port);

    public void Dispose()
    {
        Stop();
        foreach (var client in _open) client.Dispose();
    }

    private void Start(int port)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = Accept(_listener);
    }

    private async Task Accept(TcpListener listener)
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await listener.AcceptTcpClientAsync();
            }
            catch (Exception)
            {
                return;
            }

            _open.Add(client);
            _ = Serve(client);
        }
    }

    private async Task Serve(TcpClient client)
    {
        try
        {
            var stream = client.GetStream();
            var request = await Read(stream);
            if (request is null) return;
            int number;
            lock (_requests)
            {
                _requests.Enqueue(request);
                number = _requests.Count;
            }

            if (Answer(number, request) is not { } answer) return;
            await stream.WriteAsync(Encoding.Latin1.GetBytes(answer));
            client.Dispose();
        }
        catch (IOException)
        {
            // The other side went away.
        }
    }

    private static async Task<Received?> Read(NetworkStream stream)
    {
        var bytes = new List<byte>();
        var buffer = new byte[8192];
        while (true)
        {
            var text = Encoding.Latin1.GetString([.. bytes]);
            var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head >= 0)
            {
                var headers = text[..head].Split("\r\n").Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
                var length = int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture);
                if (text.Length >= head + 4 + length) return new Received(text[..text.IndexOf("\r\n", StringComparison.Ordinal)], headers, text.Substring(head + 4, length));
            }

            var read = await stream.ReadAsync(buffer);
            if (read == 0) return null;
            bytes.AddRange(buffer.AsSpan(0, read));
        }
    }

    /// <param name="Line">Method, target and version.</param>
    /// <param name="Headers">The headers.</param>
    /// <param name="Body">The body, a byte a character.</param>
    internal sealed record Received(string Line, IReadOnlyDictionary<string, string> Headers, string Body);
}
