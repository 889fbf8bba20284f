using System.Globalization;

namespace LatentSync.FleetLoad.Simulation;

/// <summary>Fleets that are simulated for docs/scale.md.</summary>
internal static class Plans
{
    private const double Megabyte = 1e6;
    private const double Gigabyte = 1e9;

    /// <summary>An H200 and services like those that were measured, but on machines of their own.</summary>
    private static readonly FleetModel Card = new()
    {
        Workers = 1000,
        FramesPerSecond = Measured.FramesPerSecond,
        SegmentOverhead = Measured.SegmentOverhead,
        AnalyseFrame = Measured.AnalyseFrame,
        JoinByte = 1 / Measured.JoinRate,
        DatabasePiece = 1 / Measured.Pieces,
        JobLock = 1 / Measured.PiecesOfOneJob,
        StorageRate = 40 * Gigabyte,
        WorkerRate = 1.25 * Gigabyte,
        InputSecond = 1 * Megabyte,
        ResultSecond = 1 * Megabyte,
    };

    /// <summary>Growing fleets at seven tenths of what their cards can generate, and what changes for the largest.</summary>
    public static void Run()
    {
        Console.WriteLine(
            "| workers | jobs a day | generating | waiting for files | analysis, join | database | storage GB/s | copies of an input | "
                + "wait p50, p95 | whole p50, p95 |"
        );
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var workers in new[] { 10, 50, 100, 200, 500, 1000 })
        {
            Print(Invariant($"{workers}"), Card with { Workers = workers });
        }

        Print("1000, storage 5 GB/s", Card with { StorageRate = 5 * Gigabyte });
        Print("1000, 16 workers a job", Card with { WorkersOfAJob = 16 });
        Print("1000, 16 workers a job, storage 5 GB/s", Card with { WorkersOfAJob = 16, StorageRate = 5 * Gigabyte });
        Print("1000, a twentieth of the input", Card with { InputShare = 0.05 });
        Print("1000, a twentieth of the input, storage 5 GB/s", Card with { InputShare = 0.05, StorageRate = 5 * Gigabyte });
        Print("1000, database a fifth as fast", Card with { DatabasePiece = 5 * Card.DatabasePiece, JobLock = 5 * Card.JobLock });
        Print("1000, segments of 2 s", Card with { SegmentFrames = 50 });
    }

    /// <summary>
    /// Small fleets of one machine that were measured, simulated. Two figures are taken from the first and the last of them: what a
    /// piece of work takes beside its sleep, and how much of the machine's processors it takes; the others are forecasts.
    /// </summary>
    /// <param name="path">The table of SmallFleetTests.</param>
    public static void Replay(string path)
    {
        var rows = File.ReadLines(path)
            .Skip(2)
            .Select(line => line.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray())
            .Select(cells => (Workers: (int)cells[0], Jobs: (int)cells[1], Segments: (int)cells[2], Sleep: cells[3] / 1000, Seconds: cells[4]))
            .ToList();
        var (alone, crowd) = (rows[0], rows[^1]);
        var processor = crowd.Seconds / (crowd.Jobs * crowd.Segments);
        var beside = Math.Max(0, (alone.Seconds / (alone.Jobs * alone.Segments)) - alone.Sleep - processor);
        Console.WriteLine(Invariant($"A piece takes {beside * 1000:0} ms beside its sleep, and {processor * 1000:0} ms of the machine.\n"));
        Console.WriteLine("| workers | jobs | segments of each | sleep, ms | measured s | simulated s | off by |");
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var row in rows)
        {
            var model = Card with
            {
                Workers = row.Workers,
                FramesPerSecond = 250 / Math.Max(1e-6, row.Sleep),
                SegmentOverhead = beside,
                AnalyseFrame = 0,
                JoinByte = 0,
                DatabasePiece = 0,
                JobLock = 0,
                StorageRate = double.MaxValue,
                WorkerRate = double.MaxValue,
                SharedProcessors = 1,
                ProcessorPiece = processor,
            };
            var result = new Simulator(model, new Workload("replay", 0, row.Segments * 10, 0, row.Jobs)).Run();
            var isTaken = row == alone || row == crowd;
            Console.WriteLine(
                Invariant($"| {row.Workers} | {row.Jobs} | {row.Segments} | {row.Sleep * 1000:0} | {row.Seconds:0.0} | {result.Elapsed:0.0} | ")
                    + Invariant($"{(isTaken ? "taken" : Invariant($"{100 * ((result.Elapsed / row.Seconds) - 1):+0;-0} %"))} |")
            );
        }
    }

    private static void Print(string name, FleetModel model)
    {
        // A hundred thousand jobs a day for a thousand cards, and as many for each card of others; six hours of them.
        const double share = 0.7;
        var load = new Workload("day", 100_000 / 86_400.0 * model.Workers / 1000, 0, 0.8, 25 * model.Workers) { Swing = 0.3 };
        var mean = share * 86_400 * model.Workers * Measured.FramesPerSecond / (100_000.0 * model.Workers / 1000 * load.FrameRate);
        load = load with { Seconds = mean / Math.Exp(load.Spread * load.Spread / 2) };
        var result = new Simulator(model, load).Run();
        Console.WriteLine(
            Invariant($"| {name} | {load.JobsPerSecond * 86_400:0} | {result.Generating:0 %} | {result.Fetching:0 %} | {result.Beside:0 %} | ")
                + Invariant($"{result.Database:0.0 %} | {result.StorageRate / Gigabyte:0.00} | {result.Copies:0.0} | ")
                + Invariant($"{result.Wait.Median:0} s, {result.Wait.High:0} s | {result.Whole.Median / 60:0.0} min, {result.Whole.High / 60:0.0} min |")
        );
    }
}
