using System.Net;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests.Servers;

/// <summary>A backend in the test's process that takes one request after the other and answers as many as it is let. It keeps the first four
/// bytes of each body, a number.</summary>
internal sealed class GatedServer : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly SemaphoreSlim _answers = new(0);
    private readonly CancellationTokenSource _ending = new();
    private readonly List<int> _arrived = [];
    private Task _loop = Task.CompletedTask;

    public GatedServer()
    {
        Address = new Uri($"http://127.0.0.1:{FreePort.Next()}/in");
        _listener.Prefixes.Add(new Uri(Address, "/").ToString());
    }

    public Uri Address { get; }

    /// <summary>The numbers of the requests that arrived, in their order, those that wait for their answer included.</summary>
    public IReadOnlyList<int> Arrived
    {
        get
        {
            lock (_arrived) return [.. _arrived];
        }
    }

    public int Count
    {
        get
        {
            lock (_arrived) return _arrived.Count;
        }
    }

    public void Start()
    {
        _listener.Start();
        _loop = Serve();
    }

    /// <summary>Lets it answer so many more requests.</summary>
    public void Answer(int count) => _answers.Release(count);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Close();
        await _loop;
        _answers.Dispose();
        _ending.Dispose();
    }

    private async Task Serve()
    {
        var buffer = new byte[256 * 1024];
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                var length = await context.Request.InputStream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false);
                if (length != context.Request.ContentLength64) throw new InvalidOperationException($"{length} bytes of {context.Request.ContentLength64}");
                lock (_arrived) _arrived.Add(BitConverter.ToInt32(buffer));
                await _answers.WaitAsync(_ending.Token);
                context.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or OperationCanceledException)
        {
            // The end.
        }
    }
}
