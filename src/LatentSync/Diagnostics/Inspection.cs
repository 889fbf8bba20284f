using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Media.Probe;

namespace LatentSync;

/// <summary>Says what a file or folder is: a checkpoint, a model folder, a video or a sound.</summary>
public static class Inspection
{
    // Checkpoints are told by their first bytes: a zip archive, or safetensors' length and opening brace.
    private const int BraceOffset = 8;

    /// <summary>Facts in the order they are best read.</summary>
    /// <exception cref="LipSyncException">It is missing, damaged, or none of these.</exception>
    public static async Task<IReadOnlyList<InspectionFact>> OfAsync(string path, CancellationToken cancellationToken)
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

    private static List<InspectionFact> OfModelFolder(ModelFolder folder) =>
        [
            new($"kind", $"model folder"),
            new($"version", folder.Version.Version is { } version ? (FormattableString)$"{version}" : $"unknown"),
            new($"resolution", folder.Resolution is { } resolution ? (FormattableString)$"{resolution}" : $"unknown; 256 for LatentSync 1.5, 512 for 1.6"),
            new($"reason", folder.Version.Reason),
            new($"unet", $"{folder.UNetPath}"),
            new($"unet config", folder.UNetConfigPath is { } config ? (FormattableString)$"{config}" : $"the public one"),
            new($"unet channels", $"{string.Join(", ", folder.UNet.BlockOutChannels)}"),
            new($"trained with", $"{folder.UNet.NumFrames} frames, guidance {folder.UNet.GuidanceScale}, {folder.UNet.InferenceSteps} steps"),
            new($"audio width", $"{folder.UNet.CrossAttentionDim}"),
            new($"whisper", $"{folder.WhisperPath} ({folder.Whisper.LayerCount} layers of width {folder.Whisper.Width})"),
            new($"vae", $"{folder.VaePath}"),
            new($"vae channels", $"{string.Join(", ", folder.Vae.BlockOutChannels)}"),
        ];

    private static List<InspectionFact> OfCheckpoint(string path)
    {
        using var archive = CheckpointFile.Open(path);
        var types = archive.Tensors.Values.GroupBy(tensor => tensor.Type).OrderByDescending(group => group.Count());
        var names = archive.Tensors.Keys.Order(StringComparer.Ordinal).ToList();
        return
        [
            new($"kind", $"checkpoint"),
            new($"network", NetworkOf(archive)),
            new($"tensors", $"{archive.Tensors.Count}"),
            new($"parameters", $"{archive.Tensors.Values.Sum(tensor => tensor.ElementCount)}"),
            new($"types", $"{string.Join(", ", types.Select(group => Invariant($"{group.Key} {group.Count()}")))}"),
            new($"first and last", names.Count == 0 ? $"none" : (FormattableString)$"{names[0]} ... {names[^1]}"),
            .. archive.Scalars.OrderBy(scalar => scalar.Key, StringComparer.Ordinal).Select(scalar => new InspectionFact($"{scalar.Key}", $"{scalar.Value}")),
        ];
    }

    private static FormattableString NetworkOf(TensorArchive archive)
    {
        bool Has(string name) => archive.Tensors.ContainsKey(name);
        var known =
            Has("conv_in.weight") && archive.Tensors.Keys.Any(name => name.Contains(".motion_modules.", StringComparison.Ordinal)) ? "LatentSync UNet"
            : Has("encoder.positional_embedding") && Has("encoder.conv1.weight") ? "Whisper"
            : Has("audio_encoder.conv_in.weight") && Has("visual_encoder.conv_in.weight") ? "LatentSync SyncNet"
            : Has("encoder.conv_in.weight") && Has("decoder.conv_in.weight") ? "VAE"
            : null;
        return known is null ? $"unknown" : (FormattableString)$"{known}";
    }

    private static List<InspectionFact> OfMedia(MediaInfo media)
    {
        var facts = new List<InspectionFact>
        {
            new($"kind", media.Video is null ? (FormattableString)$"sound" : $"video"),
            new($"container", $"{media.FormatName}"),
        };
        if (media.Duration is { } duration)
        {
            facts.Add(new($"duration", $"{duration.TotalSeconds:0.###} s"));
        }

        if (media.Video is { } video)
        {
            facts.Add(new($"size", $"{video.DisplayWidth}x{video.DisplayHeight}"));
            facts.Add(new($"rotation", $"{video.Rotation} degrees"));
            facts.Add(new($"frame rate", $"{video.AverageFrameRate}"));
            facts.Add(new($"video codec", $"{video.Codec}, {video.PixelFormat}"));
        }

        if (media.Audio is { } audio)
        {
            facts.Add(new($"audio codec", $"{audio.Codec}"));
            facts.Add(new($"sample rate", $"{audio.SampleRate} Hz, {audio.Channels} channels"));
        }

        if (media.VideoTracks.Count > 1)
        {
            var tracks = media.VideoTracks.Select(
                (track, i) => (FormattableString)$"{i + 1}: {track.Codec} {track.DisplayWidth}x{track.DisplayHeight}{Mark(track.IsDefault)}"
            );
            facts.Add(new($"video tracks", Join(tracks)));
        }

        if (media.AudioTracks.Count > 1)
        {
            var tracks = media.AudioTracks.Select(
                (track, i) => (FormattableString)$"{i + 1}: {track.Codec} {track.SampleRate} Hz {track.Channels} channels{Mark(track.IsDefault)}"
            );
            facts.Add(new($"audio tracks", Join(tracks)));
        }

        return facts;

        static FormattableString Mark(bool isDefault) => isDefault ? $" (default)" : (FormattableString)$"";

        static FormattableString Join(IEnumerable<FormattableString> parts) => parts.Aggregate((first, second) => $"{first}; {second}");
    }
}
