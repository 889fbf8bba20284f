namespace LatentSync;

/// <summary>The options of an engine as options of <c>latentsync sync</c>.</summary>
internal static class EngineArguments
{
    /// <summary>Those that change the result, and where the models are.</summary>
    public static IReadOnlyDictionary<string, string> Of(LipSyncEngineOptions options)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["--models"] = Path.GetFullPath(options.ModelFolder),
            ["--device"] = options.Device.ToString(),
        };
        if (options.Resolution is { } resolution)
        {
            all["--resolution"] = Invariant($"{resolution}");
        }

        if (options.UsesFloat32)
        {
            all["--float32"] = "true";
        }

        if (options.InsightFaceFolder is { } folder)
        {
            all["--insightface"] = Path.GetFullPath(folder);
        }

        return all;
    }
}
