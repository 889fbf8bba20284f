using System.Runtime.InteropServices;
using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Probe;
using LatentSync.Media.Sound;

namespace LatentSync.Media.Read;

/// <summary>Reads a sound track as the audio network wants it.</summary>
internal static class AudioReader
{
    /// <summary>Samples per second.</summary>
    public const int SampleRate = 16000;

    private const int MaximumHours = 12;
    private const int SecondsPerHour = 3600;
    private const long MaximumSamples = (long)MaximumHours * SecondsPerHour * SampleRate;
    private const int SamplesPerBlock = 1 << 20;

    /// <summary>
    /// The sound of a sound or video file, mixed to one channel at 16 kHz. Sample 0 is the file's time 0: a track that starts
    /// later or has gaps is padded with silence, so that it stays in step with pictures and with the sound of a result.
    /// </summary>
    /// <exception cref="LipSyncException">There is no sound, it is longer than 12 hours, or ffmpeg failed.</exception>
    public static Task<short[]> ReadMonoAsync(string path, CancellationToken cancellationToken) => ReadMonoAsync(MediaTools.Locate(), path, cancellationToken);

    /// <inheritdoc cref="ReadMonoAsync(string, CancellationToken)"/>
    public static async Task<short[]> ReadMonoAsync(MediaTools tools, string path, CancellationToken cancellationToken) =>
        (
            await ReadAsync(tools, await MediaProbe.ProbeAsync(tools, path, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false)
        ).Samples;

    /// <summary>The same of a file that was looked at, and what is wrong with it.</summary>
    /// <inheritdoc cref="ReadMonoAsync(string, CancellationToken)"/>
    public static async Task<(short[] Samples, InputDamage? Damage)> ReadAsync(MediaTools tools, MediaInfo media, CancellationToken cancellationToken)
    {
        var run = tools.StartFfmpeg(Arguments(media));
        await using (run.ConfigureAwait(false))
        {
            var samples = await ReadAllAsync(run, media.Path, cancellationToken).ConfigureAwait(false);
            var expected = media.RequireAudio().Duration ?? (media.Video is null ? media.Duration : null);
            var end = TimeSpan.FromSeconds((double)samples.Length / SampleRate);
            return (samples, InputDamage.Of(media.Path, media.FormatName, end, hasEnded: true, expected, run.LastWords));
        }
    }

    /// <summary>ffmpeg's arguments for one sound track; reads one second more than is allowed, to notice that there is more.</summary>
    public static IReadOnlyList<string> Arguments(MediaInfo media) =>
        [
            "-nostdin",
            "-hide_banner",
            "-loglevel",
            "error",
            .. MediaInput.Of(media),
            "-map",
            Invariant($"0:{media.RequireAudio().Index}"),
            "-af",
            SoundFilter.Heard(media.RequireAudio()),
            "-ar",
            Invariant($"{SampleRate}"),
            "-ac",
            "1",
            "-t",
            Invariant($"{(MaximumHours * SecondsPerHour) + 1}"),
            "-f",
            "s16le",
            "pipe:1",
        ];

    private static async Task<short[]> ReadAllAsync(ToolRun run, string path, CancellationToken cancellationToken)
    {
        List<byte[]> blocks = [];
        var byteCount = 0L;
        var blockLength = SamplesPerBlock * sizeof(short);
        for (int read = blockLength; read == blockLength; )
        {
            var block = new byte[blockLength];
            read = await run.ReadAsync(block, cancellationToken).ConfigureAwait(false);
            byteCount += read;
            blocks.Add(block);
            if (byteCount / sizeof(short) > MaximumSamples)
            {
                throw Invalid(path, $"The sound of \"{path}\" is longer than {MaximumHours} hours; cut it into parts.", "");
            }
        }

        var exitCode = await run.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (exitCode != 0 || byteCount % sizeof(short) != 0)
        {
            throw MediaToolFailure.Reading(path, exitCode, run.LastWords);
        }

        return byteCount > 0
            ? Join(blocks, (int)(byteCount / sizeof(short)))
            : throw Invalid(path, $"The sound track of \"{path}\" is empty; choose another file.", run.LastWords);
    }

    private static short[] Join(List<byte[]> blocks, int sampleCount)
    {
        var samples = new short[sampleCount];
        var rest = MemoryMarshal.AsBytes(samples.AsSpan());
        foreach (var block in blocks)
        {
            var length = Math.Min(block.Length, rest.Length);
            block.AsSpan(0, length).CopyTo(rest);
            rest = rest[length..];
        }

        return samples;
    }

    private static LipSyncException Invalid(string path, FormattableString message, string lastWords) =>
        new(LipSyncErrorCode.InvalidInput, message) { Path = path, Detail = lastWords };
}
