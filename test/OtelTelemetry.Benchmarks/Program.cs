using OtelTelemetry.Benchmarks;

switch (args.FirstOrDefault())
{
    case "ratios":
        Console.WriteLine(BenchmarkResult.Header("raw OpenTelemetry"));
        using (var benchmarks = new RatioBenchmarks())
        {
            foreach (var result in benchmarks.Run(args.ElementAtOrDefault(1) ?? "")) Console.WriteLine(result);
        }

        return 0;

    case "scrape":
        Console.WriteLine(BenchmarkResult.Header("copying the lines").Replace("B/op", "B/scrape", StringComparison.Ordinal));
        foreach (var result in ScrapeBenchmarks.Run()) Console.WriteLine(result);
        return 0;

    default:
        Console.Error.WriteLine("usage: ratios [part of a case's name] | scrape | request");
        return 2;
}
