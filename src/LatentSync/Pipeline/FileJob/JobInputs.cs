using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Formats;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;
using LatentSync.Pipeline.Stages;
using LatentSync.Timeline;

namespace LatentSync.Pipeline.FileJob;

/// <summary>The video and the sound of a request, looked into and found to fit each other and the options.</summary>
internal sealed class JobInputs
{
    private readonly LipSyncRequest _request;
    private readonly MediaTools _tools;

    private JobInputs(LipSyncRequest request, MediaTools tools, MediaInfo source, MediaInfo sound)
    {
        (_request, _tools, Source, Sound) = (request, tools, source, sound);
        var chosen = request.Options.Parity ? FrameRate.Model : request.Options.FrameRate;
        Rate = chosen ?? (Video.SourceClock is null ? FrameRate.Model : null);
        Clock = Rate is { } rate ? FrameClock.Of(rate) : Video.SourceClock!.Value;
    }

    /// <summary>The file with the pictures.</summary>
    public MediaInfo Source { get; }

    /// <summary>Its pictures.</summary>
    public VideoStreamInfo Video => Source.RequireVideo();

    /// <summary>The file with the sound.</summary>
    public MediaInfo Sound { get; }

    /// <summary>The frame rate of the result; null for the video's own times.</summary>
    public FrameRate? Rate { get; }

    /// <summary>The clock of the result's times.</summary>
    public FrameClock Clock { get; }

    /// <summary>Looks into the files; decodes no more than a frame.</summary>
    /// <exception cref="LipSyncException">A file cannot be used, or an option does not go with it.</exception>
    public static async Task<JobInputs> OpenAsync(LipSyncRequest request, MediaTools tools, CancellationToken cancellationToken)
    {
        var source = (await MediaProbe.ProbePicturesAsync(request.Video, cancellationToken).ConfigureAwait(false))
            .WithVideoTrack(request.Options.VideoTrack)
            .WithLargestPicture(request.Options.LargestPicture);
        RefuseMistakes(request, source);
        await VideoReader.CheckAsync(tools, request.Video, source.RequireVideo(), cancellationToken).ConfigureAwait(false);
        var sound = (await MediaProbe.ProbeAsync(tools, request.Audio, cancellationToken).ConfigureAwait(false)).WithAudioTrack(request.Options.AudioTrack);
        return new JobInputs(request, tools, source, sound);
    }

    /// <summary>Reads the part of the sound that is used, after the silence that is asked for.</summary>
    /// <returns>16 kHz mono, and what is wrong with the file; null for nothing.</returns>
    /// <exception cref="LipSyncException">The sound cannot be decoded, ends before it is to begin, or is damaged where that is an error.</exception>
    public async Task<(ReadOnlyMemory<short> Samples, InputDamage? Damage)> ReadSoundAsync(CancellationToken cancellationToken)
    {
        var (samples, damage) = await AudioReader.ReadAsync(_tools, Sound, cancellationToken).ConfigureAwait(false);
        if (_request.Options.Strict && damage is not null)
        {
            throw damage.Error;
        }

        var options = _request.Options;
        var start = Samples(options.AudioStart);
        if (start >= samples.Length)
        {
            var option = new OptionReference(nameof(options.AudioStart));
            var seconds = (double)samples.Length / AudioReader.SampleRate;
            throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                $"{option} is {options.AudioStart}, but \"{_request.Audio}\" ends after {seconds:0.###} seconds; choose an earlier start."
            )
            {
                Path = _request.Audio,
            };
        }

        var rest = samples.Length - start;
        var used = samples.AsMemory((int)start, (int)(options.AudioDuration is { } duration ? Math.Min(rest, Samples(duration)) : rest));
        return (options.AudioDelay > 0 ? Delayed(used.Span, Samples(options.AudioDelay)) : used, damage);
    }

    /// <summary>Reads the sound and listens to it.</summary>
    /// <returns>What a job takes from it, its samples at 16 kHz, and what is wrong with the file; null for nothing.</returns>
    /// <inheritdoc cref="ReadSoundAsync"/>
    public async Task<(HeardSound Heard, long Samples, InputDamage? Damage)> HearAsync(FlowStages stages, CancellationToken cancellationToken)
    {
        using var measurement = stages.Times.Measure(LipSyncWork.Audio);
        var (samples, damage) = await ReadSoundAsync(cancellationToken).ConfigureAwait(false);
        return (stages.Hear(samples.Span, samples.Length, AudioReader.SampleRate, cancellationToken), samples.Length, damage);
    }

    private static long Samples(double seconds) => (long)Math.Round(seconds * AudioReader.SampleRate);

    private static short[] Delayed(ReadOnlySpan<short> samples, long silence)
    {
        var delayed = new short[silence + samples.Length];
        samples.CopyTo(delayed.AsSpan((int)silence));
        return delayed;
    }

    private static void RefuseMistakes(LipSyncRequest request, MediaInfo source)
    {
        var options = request.Options;
        var length = new OptionReference(nameof(TimingOptions.Length), "video");
        var loop = new OptionReference(nameof(TimingOptions.Loop), "trim");
        var mistake =
            source.RequireVideo().StillDemuxer is not null && (options.Timing.Length == LipSyncLength.Video || options.Timing.Loop == LipSyncLoop.Trim)
                ? $"\"{request.Video}\" is a picture, which has no length of its own; leave out {length} and {loop}."
            : source.RequireVideo().StillDemuxer is not null && options.VideoStart > 0
                ? $"\"{request.Video}\" is a picture, which has no length of its own; leave out {new OptionReference(nameof(options.VideoStart))}."
            : source.Audio is null && options.MixLevel is not null
                ? $"\"{request.Video}\" has no sound track that could be mixed in; leave out {new OptionReference(nameof(options.MixLevel))}."
            : (FormattableString?)null;
        if (mistake is not null)
        {
            throw new LipSyncException(LipSyncErrorCode.InvalidOptions, mistake) { Path = request.Video };
        }
    }
}
