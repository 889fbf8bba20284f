using LatentSync.Page.Words;
using LatentSync.Server.Engines;
using LatentSync.Server.Work;
using Microsoft.AspNetCore.Components;
using static LatentSync.Page.Words.PageWords;

namespace LatentSync.Page.Admin;

/// <summary>What each worker does, and the memory of its card or its engine.</summary>
public sealed partial class WorkersPanel
{
    private const string Cpu = "cpu";
    private const int ShownLetters = 8;

    [CascadingParameter]
    private AdminFacts Facts { get; set; } = null!;

    private static string State(WorkerView worker) =>
        worker.State switch
        {
            "busy" => Say($"Busy"),
            "idle" => Say($"Idle"),
            _ => Say($"Engine off"),
        };

    private static string Chip(WorkerView worker) =>
        worker.State switch
        {
            "busy" => "busy",
            "idle" => "good",
            _ => "off",
        };

    // All ids begin with the time, their ends tell them apart.
    private static string Short(string job) => "…" + job[^Math.Min(ShownLetters, job.Length)..];

    private static string Work(WorkerView worker)
    {
        var work = worker.Work switch
        {
            "fetch" => Say($"Fetching an input"),
            "analyse" => Say($"Finding faces"),
            "segment" => Say($"Segment {worker.Segment + 1} of {worker.Segments}"),
            "join" => Say($"Joining"),
            _ => Say($"Measuring the score"),
        };
        return worker.Stage is { Total: > 0 } stage ? Say($"{work}: {Stage(stage.Name)} {stage.Done:0} of {stage.Total:0}") : work;
    }

    private static string Stage(string name) =>
        name switch
        {
            "prepare" => Say($"preparation"),
            "faces" => Say($"finding the faces"),
            "diffusion" => Say($"denoising"),
            "output" => Say($"writing"),
            _ => name,
        };

    private static string NoCard(WorkerView worker) =>
        worker.Device == Cpu ? Say($"No card: this worker runs on the CPU.")
        : worker.Model is not null ? Say($"Its engine tells of no card, so it runs on the CPU or the driver does not say.")
        : Say($"Its card is known when a job has run on it.");

    private List<PlotPoint> Points(WorkerView worker) =>
        [
            .. (worker.History ?? []).Select(point => new PlotPoint(
                (Facts.At - point.At).TotalSeconds,
                point.UsedBytes,
                worker.Card is null ? null : point.ProcessBytes
            )),
        ];

    private static string Told(CardMemory card) =>
        Say($"{StateWords.Bytes(card.UsedBytes)} of {StateWords.Bytes(card.TotalBytes)} used, {StateWords.Bytes(card.FreeBytes)} free")
        + (card.ProcessBytes is { } own ? Say($"; by this engine {StateWords.Bytes(own)}") : null)
        + (card.Utilization is { } load ? Say($"; {load} % busy") : null)
        + (card.Temperature is { } degrees ? Say($"; {degrees} °C") : null);
}
