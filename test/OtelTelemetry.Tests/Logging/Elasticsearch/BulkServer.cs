using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OtelTelemetry.Tests.Delivery;

namespace OtelTelemetry.Tests.Logging.Elasticsearch;

/// <summary>Answers bulk requests as Elasticsearch documents it: 200, and a status for each operation; a document that is there already is a conflict.</summary>
internal sealed class BulkServer : IDisposable
{
    private readonly ConcurrentDictionary<(string Index, string Id), JsonObject> _documents = new();
    private readonly ConcurrentDictionary<string, int> _attempts = new();

    public BulkServer() => Http = new ScriptedServer((number, request) => Answer(number, request));

    public ScriptedServer Http { get; }

    public string Endpoint => $"http://127.0.0.1:{Http.Port}";

    /// <summary>Answers a request of that number and count of operations as a whole, without looking into it; null lets it in.</summary>
    public Func<int, int, string?> Whole { get; set; } = (_, _) => null;

    /// <summary>What becomes of a document at an attempt, from 1; null takes it.</summary>
    public Func<JsonObject, int, (int Status, string Type, string Reason)?> Item { get; set; } = (_, _) => null;

    /// <summary>Whether the connection is cut after the request of that number was taken.</summary>
    public Func<int, bool> IsCut { get; set; } = _ => false;

    public IReadOnlyDictionary<(string Index, string Id), JsonObject> Documents => _documents;

    public IEnumerable<string> Messages => _documents.Values.Select(document => (string)document["message"]!);

    public ConcurrentQueue<int> Sizes { get; } = new();

    public static (int Status, string Type, string Reason) Busy => (429, "es_rejected_execution_exception", "rejected execution of coordinating operation");

    public static (int Status, string Type, string Reason) Unmappable => (400, "document_parsing_exception", "[1:57] failed to parse field [labels.n] of type [long]. Preview of field's value: 'many'");

    public void Dispose() => Http.Dispose();

    private string Answer(int number, ScriptedServer.Received request)
    {
        var lines = Body(request).Split('\n');
        if (request.Headers["Content-Type"] != "application/x-ndjson" || lines[^1].Length > 0) return ScriptedServer.Status(400, "", "The bulk request must be terminated by a newline [\\n]");
        var count = (lines.Length - 1) / 2;
        if (Whole(number, count) is { } whole) return whole;
        Sizes.Enqueue(count);
        var items = new JsonArray();
        for (var i = 0; i < count; i++) items.Add(new JsonObject { ["create"] = Create(lines[2 * i], lines[(2 * i) + 1]) });
        if (IsCut(number)) return "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"errors\":";
        var errors = items.Any(item => item!["create"]!["error"] is not null);
        return ScriptedServer.Status(200, "Content-Type: application/json\r\n", new JsonObject { ["errors"] = errors, ["items"] = items }.ToJsonString());
    }

    private static string Body(ScriptedServer.Received request)
    {
        var bytes = Encoding.Latin1.GetBytes(request.Body);
        if (request.Headers.GetValueOrDefault("Content-Encoding") != "gzip") return Encoding.UTF8.GetString(bytes);
        using var reader = new StreamReader(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private JsonObject Create(string action, string source)
    {
        var create = JsonNode.Parse(action)!["create"]!;
        var (index, id) = ((string)create["_index"]!, (string)create["_id"]!);
        if (_documents.ContainsKey((index, id))) return Error((409, "version_conflict_engine_exception", $"[{id}]: version conflict, document already exists (current version [1])"));
        JsonObject document;
        try
        {
            // As the server does: one name twice is no document.
            document = (JsonObject)JsonNode.Parse(source, null, new JsonDocumentOptions { AllowDuplicateProperties = false })!;
        }
        catch (JsonException exception)
        {
            return Error((400, "document_parsing_exception", exception.Message));
        }

        if (Item(document, _attempts.AddOrUpdate(id, 1, static (_, attempts) => attempts + 1)) is { } error) return Error(error);
        _documents[(index, id)] = document;
        return new JsonObject { ["status"] = 201 };
    }

    private static JsonObject Error((int Status, string Type, string Reason) error) =>
        new() { ["status"] = error.Status, ["error"] = new JsonObject { ["type"] = error.Type, ["reason"] = error.Reason } };
}
