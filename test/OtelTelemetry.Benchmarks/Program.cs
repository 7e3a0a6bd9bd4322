using OtelTelemetry.Benchmarks;
using OtelTelemetry.Benchmarks.Requests;

switch (args.FirstOrDefault())
{
    case "ratios":
        Console.WriteLine(BenchmarkResult.Header("raw OpenTelemetry"));
        foreach (var name in RatioBenchmarks.Names(args.ElementAtOrDefault(1) ?? "")) CaseProcess.Run(name);
        return 0;

    // One case, in a process of its own.
    case "ratio" when args is [_, var name]:
        using (var benchmarks = new RatioBenchmarks()) Console.WriteLine(benchmarks.Run(name));
        return 0;

    case "scrape":
        Console.WriteLine(BenchmarkResult.Header("copying the lines").Replace("B/op", "B/scrape", StringComparison.Ordinal));
        foreach (var result in ScrapeBenchmarks.Run()) Console.WriteLine(result);
        return 0;

    case "request":
        Console.WriteLine(BenchmarkResult.Header("plain OpenTelemetry"));
        Console.WriteLine(await RequestBenchmark.RunAsync().ConfigureAwait(false));
        return 0;

    // One of the applications of the request benchmarks, in a process of its own.
    case "request-app" when args is [_, var kind, var url, var sink, var outbox]:
        if (kind == "plain") PlainApp.Run(url, sink);
        else OurApp.Run(url, sink, outbox);
        return 0;

    case "backends":
        await FailingBackendBenchmark.RunAsync(args.ElementAtOrDefault(1) ?? "").ConfigureAwait(false);
        return 0;

    case "outbox":
        await OutboxBenchmark.RunAsync().ConfigureAwait(false);
        return 0;

    case "idle":
        await IdleBenchmark.RunAsync(int.TryParse(args.ElementAtOrDefault(1), out var seconds) ? seconds : 60).ConfigureAwait(false);
        return 0;

    case "logs":
        using (var benchmarks = new LogBenchmarks()) benchmarks.Run();
        return 0;

    default:
        Console.Error.WriteLine("usage: ratios [part of a case's name] | scrape | request | backends [part of a case's name] | outbox | idle [seconds] | logs");
        return 2;
}
