using System.Globalization;
using System.Text.Json.Nodes;

namespace LatentSync.TestEngine;

/// <summary>
/// What a job makes this engine do; told by the job's seed, which means nothing else here. Where clients have no seed to give, the
/// video begins with it: <c>seed=2001;</c>.
/// </summary>
internal sealed record Behaviour(int Segments, TimeSpan SegmentTime, Fault Fault)
{
    // The seed in decimal: fault, hundredths of a second for each segment (four digits), segments (three digits).
    private const long SegmentDigits = 1000;
    private const long TimeDigits = 10_000;
    private const string Mark = "seed=";
    private const int LongestMark = 32;

    public static Behaviour Of(JsonObject job)
    {
        // A number or a text, as in the real one.
        var seed = job["settings"]?["seed"] is { } given ? long.Parse(given.ToString(), CultureInfo.InvariantCulture) : OfVideo((string?)job["video"]);
        return new Behaviour(
            (int)Math.Max(1, seed % SegmentDigits),
            TimeSpan.FromMilliseconds(10 * (seed / SegmentDigits % TimeDigits)),
            (Fault)(seed / SegmentDigits / TimeDigits)
        );
    }

    private static long OfVideo(string? path)
    {
        if (path is null || !File.Exists(path))
        {
            return 0;
        }

        using var video = new StreamReader(path);
        var start = new char[LongestMark];
        var text = new string(start, 0, video.ReadBlock(start));
        return text.StartsWith(Mark, StringComparison.Ordinal) && text.IndexOf(';', StringComparison.Ordinal) is var end and > 0
            ? long.Parse(text.AsSpan(Mark.Length, end - Mark.Length), CultureInfo.InvariantCulture)
            : 0;
    }
}
