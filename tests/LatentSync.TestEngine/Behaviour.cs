using System.Globalization;
using System.Text.Json.Nodes;

namespace LatentSync.TestEngine;

/// <summary>What a job makes this engine do; told by the job's seed, which means nothing else here.</summary>
internal sealed record Behaviour(int Segments, TimeSpan SegmentTime, Fault Fault)
{
    // The seed in decimal: fault, hundredths of a second for each segment (four digits), segments (three digits).
    private const long SegmentDigits = 1000;
    private const long TimeDigits = 10_000;

    public static Behaviour Of(JsonObject settings)
    {
        // A number or a text, as in the real one.
        var seed = long.Parse(settings["seed"]?.ToString() ?? "0", CultureInfo.InvariantCulture);
        return new Behaviour(
            (int)Math.Max(1, seed % SegmentDigits),
            TimeSpan.FromMilliseconds(10 * (seed / SegmentDigits % TimeDigits)),
            (Fault)(seed / SegmentDigits / TimeDigits)
        );
    }
}
