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

    /// <summary>All that is wrong with the settings; empty if nothing is.</summary>
    public IReadOnlyList<OptionMistake> Validate()
    {
        if (!Enum.IsDefined(Codec))
        {
            return [OptionMistake.Of(nameof(Codec), (int)Codec, $"use a value of VideoCodec")];
        }

        if (!Enum.IsDefined(Encoder))
        {
            return [OptionMistake.Of(nameof(Encoder), (int)Encoder, $"use a value of VideoEncoderKind")];
        }

        if (VideoEncoder.Find(Codec, Encoder) is not { } encoder)
        {
            var (kind, codec) = (new OptionReference(nameof(Encoder)), new OptionReference(nameof(Codec)));
            return
            [
                new OptionMistake(
                    nameof(Encoder),
                    Encoder,
                    $"{new OptionReference(nameof(Encoder), Name(Encoder))} cannot write {Name(Codec)}; choose another {codec}, or leave out {kind}."
                ),
            ];
        }

        var mistakes = new List<OptionMistake>();
        if (Crf is { } crf && (encoder.WorstRateFactor is not { } worst || crf < 0 || crf > worst))
        {
            mistakes.Add(
                OptionMistake.Of(
                    nameof(Crf),
                    crf,
                    encoder.WorstRateFactor is null
                        ? $"{encoder.Name} has none, its {new OptionReference(nameof(Preset))} chooses the quality"
                        : (FormattableString)$"for {encoder.Name} it must be from 0 to {encoder.WorstRateFactor}"
                )
            );
        }

        if (Preset is not null && encoder.Presets.Count == 0)
        {
            mistakes.Add(OptionMistake.Of(nameof(Preset), Preset, $"{encoder.Name} with {Name(Encoder)} has none, leave it out"));
            return mistakes;
        }

        AddUnlessListed(nameof(Preset), Preset, encoder.Presets);
        AddUnlessListed(nameof(PixelFormat), PixelFormat, encoder.PixelFormats);
        return mistakes;

        void AddUnlessListed(string property, string? value, IReadOnlyList<string> list)
        {
            if (value is not null && !list.Contains(value, StringComparer.Ordinal))
            {
                mistakes.Add(
                    list.Count == 1
                        ? OptionMistake.Of(property, value, $"for {encoder.Name} it must be {list[0]}")
                        : OptionMistake.Of(property, value, $"for {encoder.Name} it must be {string.Join(", ", list.SkipLast(1))} or {list[^1]}")
                );
            }
        }
    }

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
