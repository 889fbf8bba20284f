using LatentSync.Media.Encoders;

namespace LatentSync;

/// <summary>Encoder settings of the result. What is left null follows from the codec.</summary>
public sealed record VideoEncoding
{
    /// <summary>The codec, by default H.264.</summary>
    public VideoCodec Codec { get; init; }

    /// <summary>What encodes them, by default the processor.</summary>
    public VideoEncoderKind Encoder { get; init; }

    /// <summary>
    /// Constant rate factor, lower is better: 0 to 51 for H.264 and HEVC, 0 to 63 for AV1, none for ProRes. Hardware gets its
    /// own measure of quality from it.
    /// </summary>
    public int? Crf { get; init; }

    /// <summary>The encoder's preset, time against size; for ProRes its profile. See <c>docs/picture.md</c> for the names.</summary>
    public string? Preset { get; init; }

    /// <summary>
    /// ffmpeg's name of the pixel format, such as <c>yuv420p10le</c>. By default that of the source as far as the encoder
    /// takes it, but 8 bits for H.264, which few players show with more.
    /// </summary>
    public string? PixelFormat { get; init; }

    /// <summary>All that is wrong with the settings, one sentence each; empty if nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        if (!Enum.IsDefined(Codec))
        {
            return [Invariant($"The video codec {(int)Codec} is unknown; use a value of VideoCodec.")];
        }

        if (!Enum.IsDefined(Encoder))
        {
            return [Invariant($"The video encoder {(int)Encoder} is unknown; use a value of VideoEncoderKind.")];
        }

        if (VideoEncoder.Find(Codec, Encoder) is not { } encoder)
        {
            return [$"--encoder {Name(Encoder)} cannot write {Name(Codec)}; choose another --codec, or leave out --encoder."];
        }

        var mistakes = new List<string>();
        if (Crf is { } crf && (encoder.WorstRateFactor is not { } worst || crf < 0 || crf > worst))
        {
            mistakes.Add(encoder.WorstRateFactor is null
                ? Invariant($"--crf is {crf}; {encoder.Name} has none, its --preset chooses the quality.")
                : Invariant($"--crf is {crf}; for {encoder.Name} it must be from 0 to {encoder.WorstRateFactor}."));
        }

        if (Preset is not null && encoder.Presets.Count == 0)
        {
            mistakes.Add($"--preset is {Preset}; {encoder.Name} with {Name(Encoder)} has none, leave it out.");
            return mistakes;
        }

        AddUnlessListed("--preset", Preset, encoder.Presets);
        AddUnlessListed("--pix-fmt", PixelFormat, encoder.PixelFormats);
        return mistakes;

        void AddUnlessListed(string option, string? value, IReadOnlyList<string> list)
        {
            if (value is not null && !list.Contains(value, StringComparer.Ordinal))
            {
                mistakes.Add($"{option} is {value}; for {encoder.Name} it must be {(list.Count > 1 ? string.Join(", ", list.SkipLast(1)) + " or " : string.Empty)}{list[^1]}.");
            }
        }
    }

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
