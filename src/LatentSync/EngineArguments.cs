using LatentSync.Backends;

namespace LatentSync;

/// <summary>The options of an engine as text, by property.</summary>
internal static class EngineArguments
{
    /// <summary>Those that change the result, and where the models are.</summary>
    public static IReadOnlyDictionary<string, string> Of(LipSyncEngineOptions options)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [nameof(options.ModelFolder)] = Path.GetFullPath(options.ModelFolder),
            [nameof(options.Device)] = options.Device.ToString(),
        };
        if (options.Resolution is { } resolution)
        {
            all[nameof(options.Resolution)] = Invariant($"{resolution}");
        }

        if (options.Precision != DevicePrecision.Float16)
        {
            all[nameof(options.Precision)] = options.Precision.Name();
        }

        if (options.InsightFaceFolder is { } folder)
        {
            all[nameof(options.InsightFaceFolder)] = Path.GetFullPath(folder);
        }

        return all;
    }
}
