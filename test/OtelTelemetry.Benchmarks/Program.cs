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

    default:
        Console.Error.WriteLine("usage: ratios | scrape | request");
        return 2;
}
