using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Media.Probe;

namespace LatentSync;

/// <summary>Says what a file or folder is: a checkpoint, a model folder, a video or a sound.</summary>
public static class Inspection
{
    // Checkpoints are told by their first bytes: a zip archive, or safetensors' length and opening brace.
    private const int BraceOffset = 8;

    /// <summary>Facts in the order they are best read, such as ("format", "safetensors").</summary>
    /// <exception cref="LipSyncException">It is missing, damaged, or none of these.</exception>
    public static async Task<IReadOnlyList<(string Name, string Value)>> OfAsync(string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Directory.Exists(path))
        {
            return OfModelFolder(ModelFolder.Open(path));
        }

        return IsCheckpoint(MediaInput.Validate(path))
            ? OfCheckpoint(path)
            : OfMedia(await MediaProbe.ProbeAsync(path, cancellationToken).ConfigureAwait(false));
    }

    private static bool IsCheckpoint(string path)
    {
        Span<byte> start = stackalloc byte[BraceOffset + 1];
        using var file = File.OpenRead(path);
        var length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return start[..length].StartsWith("PK"u8) || (length == start.Length && start[BraceOffset] == (byte)'{');
    }

    private static List<(string Name, string Value)> OfModelFolder(ModelFolder folder) =>
        [
            ("kind", "model folder"),
            ("version", folder.Version.Version ?? "unknown"),
            ("resolution", folder.Resolution is { } resolution ? Invariant($"{resolution}") : "unknown; 256 for LatentSync 1.5, 512 for 1.6"),
            ("reason", folder.Version.Reason),
            ("unet", folder.UNetPath),
            ("unet config", folder.UNetConfigPath ?? "the public one"),
            ("unet channels", string.Join(", ", folder.UNet.BlockOutChannels)),
            ("trained with", Invariant($"{folder.UNet.NumFrames} frames, guidance {folder.UNet.GuidanceScale}, {folder.UNet.InferenceSteps} steps")),
            ("audio width", Invariant($"{folder.UNet.CrossAttentionDim}")),
            ("whisper", Invariant($"{folder.WhisperPath} ({folder.Whisper.LayerCount} layers of width {folder.Whisper.Width})")),
            ("vae", folder.VaePath),
            ("vae channels", string.Join(", ", folder.Vae.BlockOutChannels)),
        ];

    private static List<(string Name, string Value)> OfCheckpoint(string path)
    {
        using var archive = CheckpointFile.Open(path);
        var types = archive.Tensors.Values.GroupBy(tensor => tensor.Type).OrderByDescending(group => group.Count());
        var names = archive.Tensors.Keys.Order(StringComparer.Ordinal).ToList();
        return
        [
            ("kind", "checkpoint"),
            ("network", NetworkOf(archive)),
            ("tensors", Invariant($"{archive.Tensors.Count}")),
            ("parameters", Invariant($"{archive.Tensors.Values.Sum(tensor => tensor.ElementCount)}")),
            ("types", string.Join(", ", types.Select(group => Invariant($"{group.Key} {group.Count()}")))),
            ("first and last", names.Count == 0 ? "none" : $"{names[0]} ... {names[^1]}"),
            .. archive.Scalars.OrderBy(scalar => scalar.Key, StringComparer.Ordinal).Select(scalar => (scalar.Key, Invariant($"{scalar.Value}"))),
        ];
    }

    private static string NetworkOf(TensorArchive archive)
    {
        bool Has(string name) => archive.Tensors.ContainsKey(name);
        return Has("conv_in.weight") && archive.Tensors.Keys.Any(name => name.Contains(".motion_modules.", StringComparison.Ordinal)) ? "LatentSync UNet"
            : Has("encoder.positional_embedding") && Has("encoder.conv1.weight") ? "Whisper"
            : Has("audio_encoder.conv_in.weight") && Has("visual_encoder.conv_in.weight") ? "LatentSync SyncNet"
            : Has("encoder.conv_in.weight") && Has("decoder.conv_in.weight") ? "VAE"
            : "unknown";
    }

    private static List<(string Name, string Value)> OfMedia(MediaInfo media)
    {
        var facts = new List<(string, string)> { ("kind", media.Video is null ? "sound" : "video"), ("container", media.FormatName) };
        if (media.Duration is { } duration)
        {
            facts.Add(("duration", Invariant($"{duration.TotalSeconds:0.###} s")));
        }

        if (media.Video is { } video)
        {
            facts.Add(("size", Invariant($"{video.DisplayWidth}x{video.DisplayHeight}")));
            facts.Add(("rotation", Invariant($"{video.Rotation} degrees")));
            facts.Add(("frame rate", Invariant($"{video.AverageFrameRate}")));
            facts.Add(("video codec", $"{video.Codec}, {video.PixelFormat}"));
        }

        if (media.Audio is { } audio)
        {
            facts.Add(("audio codec", audio.Codec));
            facts.Add(("sample rate", Invariant($"{audio.SampleRate} Hz, {audio.Channels} channels")));
        }

        if (media.VideoTracks.Count > 1)
        {
            facts.Add(
                (
                    "video tracks",
                    string.Join(
                        "; ",
                        media.VideoTracks.Select(
                            (track, i) => Invariant($"{i + 1}: {track.Codec} {track.DisplayWidth}x{track.DisplayHeight}{Mark(track.IsDefault)}")
                        )
                    )
                )
            );
        }

        if (media.AudioTracks.Count > 1)
        {
            facts.Add(
                (
                    "audio tracks",
                    string.Join(
                        "; ",
                        media.AudioTracks.Select(
                            (track, i) => Invariant($"{i + 1}: {track.Codec} {track.SampleRate} Hz {track.Channels} channels{Mark(track.IsDefault)}")
                        )
                    )
                )
            );
        }

        return facts;

        static string Mark(bool isDefault) => isDefault ? " (default)" : "";
    }
}
