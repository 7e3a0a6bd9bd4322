using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests.Servers;

/// <summary>A real PostgreSQL, Redis or nginx on a loopback port, which a test kills and starts again on the same port.</summary>
internal sealed class WatchedServer : IAsyncDisposable
{
    private readonly Func<string, Task<(string Program, string[] Arguments)>> _prepare;
    private ServerProcess _process = null!;

    private WatchedServer(int port, Func<string, Task<(string Program, string[] Arguments)>> prepare)
    {
        Port = port;
        _prepare = prepare;
    }

    public int Port { get; }

    public static Task<WatchedServer> StartRedis()
    {
        var port = FreePort.Next();
        return Start(port, _ => Task.FromResult(("redis-server", (string[])["--bind", "127.0.0.1", "--port", Text(port), "--save", "", "--appendonly", "no"])));
    }

    public static Task<WatchedServer> StartNginx()
    {
        var port = FreePort.Next();
        return Start(port, async folder =>
        {
            var configuration = Path.Combine(folder, "nginx.conf");
            await File.WriteAllTextAsync(configuration, $$"""
                daemon off; master_process off; pid {{folder}}/nginx.pid; error_log {{folder}}/error.log; events {}
                http {
                  access_log off; client_body_temp_path {{folder}}/1; proxy_temp_path {{folder}}/2; fastcgi_temp_path {{folder}}/3; uwsgi_temp_path {{folder}}/4; scgi_temp_path {{folder}}/5;
                  server { listen 127.0.0.1:{{port}}; location = /health { return 200 'everything fine'; } }
                }
                """);
            return ("nginx", ["-p", folder, "-e", Path.Combine(folder, "error.log"), "-c", configuration]);
        });
    }

    public static Task<WatchedServer> StartPostgres()
    {
        var port = FreePort.Next();
        var programs = Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Last() + "/bin";
        return Start(port, async folder =>
        {
            var data = Path.Combine(folder, "data");
            if (Environment.IsPrivilegedProcess)
            {
                // It refuses to run as root.
                await Run("chown", "postgres", folder);
                await Run("setpriv", [.. s_asPostgres, programs + "/initdb", "-D", data, "-A", "trust", "-N"]);
            }
            else
            {
                await Run(programs + "/initdb", "-D", data, "-A", "trust", "-N");
            }

            string[] server = [programs + "/postgres", "-D", data, "-h", "127.0.0.1", "-p", Text(port), "-k", folder, "-F"];
            return Environment.IsPrivilegedProcess ? ("setpriv", [.. s_asPostgres, .. server]) : (server[0], server[1..]);
        });
    }

    private static readonly string[] s_asPostgres = ["--reuid=postgres", "--regid=postgres", "--clear-groups"];

    /// <summary>Ends it as a crash does.</summary>
    public Task Kill() => _process.Kill();

    /// <summary>Starts it again, with a new folder, on its port.</summary>
    public async Task Restart()
    {
        await _process.DisposeAsync();
        await Begin();
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<WatchedServer> Start(int port, Func<string, Task<(string Program, string[] Arguments)>> prepare)
    {
        var server = new WatchedServer(port, prepare);
        await server.Begin();
        return server;
    }

    private async Task Begin()
    {
        var folder = ServerProcess.CreateDataFolder();
        var (program, arguments) = await _prepare(folder);
        _process = ServerProcess.Start(program, arguments, folder);
        await _process.WaitUntilReady(Accepts);
    }

    private async Task<bool> Accepts()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task Run(string program, params string[] arguments)
    {
        await using var process = ServerProcess.Start(program, arguments, ServerProcess.CreateDataFolder());
        var code = await process.WaitForExit(TimeSpan.FromSeconds(60));
        if (code != 0) throw new InvalidOperationException($"{program} ended with code {code}:\n{process.Output}");
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
