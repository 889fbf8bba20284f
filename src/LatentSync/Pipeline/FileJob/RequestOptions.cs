namespace LatentSync.Pipeline.FileJob;

/// <summary>A request as text, by property.</summary>
internal static class RequestOptions
{
    /// <summary>The full paths of the input files, by the properties that name them.</summary>
    public static IReadOnlyDictionary<string, string> Inputs(LipSyncRequest request)
    {
        var inputs = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [nameof(request.Video)] = Path.GetFullPath(request.Video),
            [nameof(request.Audio)] = Path.GetFullPath(request.Audio),
        };
        if (request.Options.Faces.Face.Picture is { } picture)
        {
            inputs[nameof(FaceOptions.Face)] = Path.GetFullPath(picture);
        }

        return inputs;
    }

    /// <summary>All options that change the result; those at their default values too, since a default may change with the version.</summary>
    public static IReadOnlyDictionary<string, string> Of(LipSyncRequest request, IReadOnlyDictionary<string, string> engine)
    {
        var options = request.Options;
        var all = new Dictionary<string, string>(Inputs(request), StringComparer.Ordinal)
        {
            [nameof(request.Output)] = Path.GetFullPath(request.Output),
            [nameof(SamplingOptions.NumFrames)] = Invariant($"{options.Sampling.NumFrames}"),
            [nameof(SamplingOptions.CacheInterval)] = Invariant($"{options.Sampling.CacheInterval}"),
            [nameof(SamplingOptions.InferenceSteps)] = Invariant($"{options.Sampling.InferenceSteps}"),
            [nameof(SamplingOptions.LipsExpression)] = options.Sampling.LipsExpression.ToString("R", CultureInfo.InvariantCulture),
            [nameof(SamplingOptions.Sampler)] = options.Sampling.SamplerName,
            [nameof(SamplingOptions.GuidanceFrom)] = options.Sampling.GuidanceFrom.ToString("R", CultureInfo.InvariantCulture),
            [nameof(SamplingOptions.GuidanceTo)] = options.Sampling.GuidanceTo.ToString("R", CultureInfo.InvariantCulture),
            [nameof(SamplingOptions.Seed)] = Invariant($"{options.Sampling.Seed}"),
            [nameof(FaceOptions.Face)] = (
                options.Faces.Face.Picture is { } picture ? FaceChoice.Like(Path.GetFullPath(picture)) : options.Faces.Face
            ).ToString(),
            [nameof(FaceOptions.BridgeFrames)] = Invariant($"{options.Faces.BridgeFrames}"),
            [nameof(TimingOptions.Length)] = Name(options.Timing.Length),
            [nameof(TimingOptions.Loop)] = Name(options.Timing.Loop),
            [nameof(TimingOptions.SilentPadding)] = options.Timing.SilentPadding.ToString("R", CultureInfo.InvariantCulture),
            [nameof(options.Paste)] = Name(options.Paste),
            [nameof(options.AudioStart)] = options.AudioStart.ToString("R", CultureInfo.InvariantCulture),
            [nameof(options.FrameRate)] = options.FrameRate?.ToString() ?? "source",
            [nameof(options.Encoding.Codec)] = Name(options.Encoding.Codec),
        };
        if (options.Sound.QuietMouth != QuietMouth.Model)
        {
            all[nameof(SoundOptions.QuietMouth)] = Name(options.Sound.QuietMouth);
            all[nameof(SoundOptions.QuietAfter)] = options.Sound.QuietAfter.ToString("R", CultureInfo.InvariantCulture);
        }

        Add(nameof(options.Strict), options.Strict ? "true" : null);
        Add(nameof(options.Parity), options.Parity ? "true" : null);
        Add(nameof(options.AudioDuration), options.AudioDuration?.ToString("R", CultureInfo.InvariantCulture));
        Add(nameof(options.AudioDelay), options.AudioDelay > 0 ? options.AudioDelay.ToString("R", CultureInfo.InvariantCulture) : null);
        Add(nameof(options.VideoStart), options.VideoStart > 0 ? options.VideoStart.ToString("R", CultureInfo.InvariantCulture) : null);
        Add(nameof(options.AudioTrack), options.AudioTrack?.ToString(CultureInfo.InvariantCulture));
        Add(nameof(options.VideoTrack), options.VideoTrack?.ToString(CultureInfo.InvariantCulture));
        Add(nameof(options.LargestPicture), options.LargestPicture?.ToString(CultureInfo.InvariantCulture));
        Add(nameof(options.MixLevel), options.MixLevel?.ToString("R", CultureInfo.InvariantCulture));
        Add(nameof(options.Encoding.Encoder), options.Encoding.Encoder == VideoEncoderKind.Software ? null : Name(options.Encoding.Encoder));
        Add(nameof(options.Encoding.Crf), options.Encoding.Crf?.ToString(CultureInfo.InvariantCulture));
        Add(nameof(options.Encoding.Preset), options.Encoding.Preset);
        Add(nameof(options.Encoding.PixelFormat), options.Encoding.PixelFormat);
        foreach (var (property, value) in engine)
        {
            Add(property, value);
        }

        return all;

        void Add(string property, string? value)
        {
            if (value is not null)
            {
                all[property] = value;
            }
        }
    }

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
