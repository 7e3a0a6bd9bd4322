Console.WriteLine("usage: ratios | scrape | request");
