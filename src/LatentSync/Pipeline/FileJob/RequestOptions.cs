namespace LatentSync.Pipeline.FileJob;

/// <summary>A request as options of <c>latentsync sync</c>.</summary>
internal static class RequestOptions
{
    private const string Face = "--face";

    /// <summary>The full paths of the input files, by the options that name them.</summary>
    public static IReadOnlyDictionary<string, string> Inputs(LipSyncRequest request)
    {
        var inputs = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["--video"] = Path.GetFullPath(request.Video),
            ["--audio"] = Path.GetFullPath(request.Audio),
        };
        if (request.Options.Face.Picture is { } picture)
        {
            inputs[Face] = Path.GetFullPath(picture);
        }

        return inputs;
    }

    /// <summary>All options that change the result; those at their default values too, since a default may change with the version.</summary>
    public static IReadOnlyDictionary<string, string> Of(LipSyncRequest request, IReadOnlyDictionary<string, string> engine)
    {
        var options = request.Options;
        var all = new Dictionary<string, string>(Inputs(request), StringComparer.Ordinal)
        {
            ["--out"] = Path.GetFullPath(request.Output),
            ["--num-frames"] = Invariant($"{options.NumFrames}"),
            ["--cache-interval"] = Invariant($"{options.CacheInterval}"),
            ["--inference-steps"] = Invariant($"{options.InferenceSteps}"),
            ["--lips-expression"] = options.LipsExpression.ToString("R", CultureInfo.InvariantCulture),
            ["--seed"] = Invariant($"{options.Seed}"),
            [Face] = (options.Face.Picture is { } picture ? FaceChoice.Like(Path.GetFullPath(picture)) : options.Face).ToString(),
            ["--bridge-frames"] = Invariant($"{options.BridgeFrames}"),
            ["--length"] = Name(options.Length),
            ["--loop"] = Name(options.Loop),
            ["--silent-padding"] = options.SilentPadding.ToString("R", CultureInfo.InvariantCulture),
            ["--audio-start"] = options.AudioStart.ToString("R", CultureInfo.InvariantCulture),
            ["--fps"] = options.FrameRate?.ToString() ?? "source",
            ["--codec"] = Name(options.Encoding.Codec),
        };
        if (options.QuietMouth != QuietMouth.Model)
        {
            all["--quiet-mouth"] = Name(options.QuietMouth);
            all["--quiet-after"] = options.QuietAfter.ToString("R", CultureInfo.InvariantCulture);
        }

        Add("--strict", options.Strict ? "true" : null);
        Add("--parity", options.Parity ? "true" : null);
        Add("--audio-track", options.AudioTrack?.ToString(CultureInfo.InvariantCulture));
        Add("--video-track", options.VideoTrack?.ToString(CultureInfo.InvariantCulture));
        Add("--mix", options.MixLevel?.ToString("R", CultureInfo.InvariantCulture));
        Add("--encoder", options.Encoding.Encoder == VideoEncoderKind.Software ? null : Name(options.Encoding.Encoder));
        Add("--crf", options.Encoding.Crf?.ToString(CultureInfo.InvariantCulture));
        Add("--preset", options.Encoding.Preset);
        Add("--pix-fmt", options.Encoding.PixelFormat);
        foreach (var (option, value) in engine)
        {
            Add(option, value);
        }

        return all;

        void Add(string option, string? value)
        {
            if (value is not null)
            {
                all[option] = value;
            }
        }
    }

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
