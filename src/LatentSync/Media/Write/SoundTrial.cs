using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Packets;
using LatentSync.Media.Probe;
using LatentSync.Media.Sound;

namespace LatentSync.Media.Write;

/// <summary>Finds out how the sound of a result can be written, by writing a little of it: what encoders and containers take is in no list.</summary>
internal static class SoundTrial
{
    private const int OutputLimit = 64 << 20;

    private static readonly TimeSpan TriedDuration = TimeSpan.FromSeconds(0.25);

    /// <summary>How the sound is written; its packets are looked through where they might be copied.</summary>
    /// <param name="tools">Runs ffmpeg.</param>
    /// <param name="sound">The file with the sound.</param>
    /// <param name="path">The result.</param>
    /// <param name="cancellationToken">Kills ffmpeg.</param>
    /// <exception cref="LipSyncException">MediaToolFailed: no encoder takes it.</exception>
    public static async Task<ResultSound> ResolveAsync(MediaTools tools, MediaInfo sound, string path, CancellationToken cancellationToken)
    {
        var encoded = await FindEncoderAsync(tools, sound, path, cancellationToken).ConfigureAwait(false);
        var container = OutputContainer.ForPath(path);
        var copied = encoded with { IsCopied = true };
        return
            container.Copies(encoded.Track.Codec)
            && await SoundPackets.AreSteadyAsync(tools, sound, hidesRunUp: container.HasEditLists, cancellationToken).ConfigureAwait(false)
            && await FailureAsync(tools, copied, container, cancellationToken).ConfigureAwait(false) is null
            ? copied
            : encoded;
    }

    /// <summary>An encoder that takes the sound, with its channels as they are or else in stereo.</summary>
    /// <inheritdoc cref="ResolveAsync"/>
    public static async Task<ResultSound> FindEncoderAsync(MediaTools tools, MediaInfo sound, string path, CancellationToken cancellationToken)
    {
        var container = OutputContainer.ForPath(path);
        var track = sound.RequireAudio();
        var places = SoundFilter.Guess(track);
        var encoder = container.Encoder(track.Codec);
        ToolResult? failure = null;
        foreach (var (name, layout) in new[] { (encoder, places), (encoder, "stereo"), (ResultSound.LossyEncoder, "stereo") }.Distinct())
        {
            var candidate = new ResultSound(sound, IsCopied: false, name, layout);
            failure = await FailureAsync(tools, candidate, container, cancellationToken).ConfigureAwait(false);
            if (failure is null)
            {
                return candidate;
            }
        }

        throw new LipSyncException(
            LipSyncErrorCode.MediaToolFailed,
            $"The sound of \"{sound.Path}\" cannot be encoded for \"{path}\"; check that it plays, or convert it to WAV first."
        )
        {
            Path = sound.Path,
            Detail = failure?.LastWords,
        };
    }

    /// <summary>What ffmpeg left behind if it cannot write such a sound; otherwise null.</summary>
    private static async Task<ToolResult?> FailureAsync(MediaTools tools, ResultSound sound, OutputContainer container, CancellationToken cancellationToken)
    {
        var result = await ToolRun
            .RunAsync(tools.Launcher, tools.FfmpegPath, Arguments(sound, container.Muxer), OutputLimit, cancellationToken)
            .ConfigureAwait(false);
        return result.ExitCode == 0 ? null : result;
    }

    /// <summary>ffmpeg's arguments to write the beginning of a sound to a pipe, where MP4 and QuickTime have to be in fragments.</summary>
    public static IReadOnlyList<string> Arguments(ResultSound sound, string muxer) =>
        [
            "-nostdin",
            "-hide_banner",
            "-loglevel",
            "error",
            .. VideoWriteCommand.Sound(0, sound, SoundEdit.None, TriedDuration),
            .. VideoWriteCommand.SoundOutput(0, sound, SoundEdit.None, TriedDuration, muxer),
            .. muxer is "mp4" or "mov" ? (string[])["-movflags", "+frag_keyframe+delay_moov"] : [],
            "-f",
            muxer,
            "pipe:1",
        ];
}
