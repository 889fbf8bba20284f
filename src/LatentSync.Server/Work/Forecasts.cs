using System.Text.Json.Nodes;
using LatentSync.Server.Data;

namespace LatentSync.Server.Work;

/// <summary>How long jobs will take, learned from those that were done here: seconds a frame of each kind of work.</summary>
internal static class Forecasts
{
    /// <summary>Finding the faces, per frame of the video.</summary>
    public const string Analysing = "analyse";

    /// <summary>Joining, per frame of the result.</summary>
    public const string Joining = "join";

    // What is older counts half as much after so many frames: drivers, cards and neighbours change.
    private const double RememberedFrames = 5000;

    // The time of a painted frame depends on these.
    private static readonly string[] Decisive =
    [
        "model",
        "preset_quality",
        "num_frames",
        "cache_interval",
        "inference_steps",
        "lips_expression",
        "sampler",
        "guidance_from",
        "guidance_to",
        "codec",
        "preset",
        "encoder",
        "parity",
    ];

    /// <summary>Generating, per painted frame, with the options of a job.</summary>
    public static string Generating(Job job)
    {
        var options = (JsonObject)JsonNode.Parse(job.Options)!;
        return string.Join(' ', ["segment", .. Decisive.Where(options.ContainsKey).Select(name => $"{name}={options[name]}")]);
    }

    /// <summary>Remembers how long a piece of work took.</summary>
    /// <param name="database">The database.</param>
    /// <param name="kind">From this class.</param>
    /// <param name="frames">Its frames.</param>
    /// <param name="said">What the engine said of it.</param>
    public static async Task LearnAsync(ServerDatabase database, string kind, int frames, JsonObject said)
    {
        if (frames <= 0 || (double?)said["elapsed_seconds"] is not { } seconds)
        {
            return;
        }

        if (await database.Rates.FindAsync(kind) is not { } rate)
        {
            rate = new WorkRate { Kind = kind };
            database.Rates.Add(rate);
        }

        var kept = rate.Frames > RememberedFrames ? 0.5 : 1;
        rate.Frames = (rate.Frames * kept) + frames;
        rate.Seconds = (rate.Seconds * kept) + seconds;
        rate.PeakDeviceBytes = Math.Max(rate.PeakDeviceBytes, (long?)said["peak_device_bytes"] ?? 0);
    }

    /// <summary>What is still to be done for a job that was analysed; null where nothing like it was done before.</summary>
    public static async Task<JsonObject?> OfAsync(ServerDatabase database, Job job, JsonObject analysis)
    {
        if (await database.Rates.FindAsync(Generating(job)) is not { Frames: > 0 } generating)
        {
            return null;
        }

        var joining = await database.Rates.FindAsync(Joining);
        var seconds =
            (generating.Seconds / generating.Frames * ((int?)analysis["synced_frames"] ?? 0))
            + (joining is { Frames: > 0 } ? joining.Seconds / joining.Frames * ((int?)analysis["frames"] ?? 0) : 0);
        return new JsonObject
        {
            ["seconds"] = Math.Round(seconds, 1),
            ["device_bytes"] = generating.PeakDeviceBytes > 0 ? generating.PeakDeviceBytes : null,
            ["learned_from_frames"] = Math.Round(generating.Frames),
        };
    }
}
