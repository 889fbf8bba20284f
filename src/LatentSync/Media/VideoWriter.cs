using System.Diagnostics.CodeAnalysis;
using LatentSync.Imaging;

namespace LatentSync.Media;

/// <summary>
/// Encodes frames into a video file as they come. The file appears when <see cref="CompleteAsync(SoundEdit, long, CancellationToken)"/> has returned; until
/// then, and for ever if that is not called, there are only hidden files, which disposing removes, but for the finished
/// parts that a store keeps. A cancelled call ends the writer.
/// </summary>
internal sealed class VideoWriter : IFrameWriter
{
    private readonly MediaTools _tools;
    private readonly VideoWriteOptions _options;
    private readonly ISegmentStore? _store;
    private readonly string _muxer;
    private readonly MediaInfo? _sound;
    private readonly OutputFile _file;
    private readonly string? _partial;
    private VideoSegment? _segment;
    private int _segments;

    // The segment before is finished while the next one begins.
    private Task _finishing = Task.CompletedTask;

    private VideoWriter(MediaTools tools, VideoWriteOptions options, ISegmentStore? store, string muxer, MediaInfo? sound, OutputFile file)
    {
        (_tools, _options, _store, _muxer, _sound, _file) = (tools, options, store, muxer, sound, file);
        _segments = store?.Segments.Count ?? 0;
        _partial = store is null ? file.CreatePartial() : null;
        FramesWritten = store?.Segments.Sum(segment => segment.Frames) ?? 0;
    }

    /// <summary>Frames of the result so far, those of segments that were there included.</summary>
    public long FramesWritten { get; private set; }

    /// <summary>Checks everything that can be checked.</summary>
    /// <exception cref="LipSyncException">The output cannot be written, the sound cannot be read, or ffmpeg is missing.</exception>
    public static Task<VideoWriter> CreateAsync(VideoWriteOptions options, CancellationToken cancellationToken) =>
        CreateAsync(MediaTools.Locate(), options, store: null, cancellationToken);

    /// <inheritdoc cref="CreateAsync(VideoWriteOptions, CancellationToken)"/>
    public static Task<VideoWriter> CreateAsync(MediaTools tools, VideoWriteOptions options, CancellationToken cancellationToken) =>
        CreateAsync(tools, options, store: null, cancellationToken);

    /// <summary>The same, in segments that a store keeps; it goes on after those that are there.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The result owns the file.")]
    public static async Task<VideoWriter> CreateAsync(MediaTools tools, VideoWriteOptions options, ISegmentStore? store, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Width, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Height, nameof(options));
        var container = OutputContainer.ForPath(options.Path);
        await CheckEncoderAsync(tools, options.Path, options.Encoding, options.Width, options.Height, cancellationToken).ConfigureAwait(false);
        var file = OutputFile.Create(options.Path, options.Overwrite, options.SoundPath is { } path ? [.. options.InputPaths, path] : options.InputPaths);
        try
        {
            var sound = options.SoundPath is null ? null : await MediaProbe.ProbeAsync(tools, options.SoundPath, cancellationToken).ConfigureAwait(false);
            sound?.RequireAudio();
            var muxer = sound is null && store is null ? container.Muxer : VideoEncoder.For(options.Encoding.Codec).IntermediateMuxer;
            return new VideoWriter(tools, options, store, muxer, sound, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask MayCutAsync(long start, CancellationToken cancellationToken)
    {
        if (_store is not null && _segment is { } segment && start - segment.Start >= _store.SegmentTicks)
        {
            await FinishSegmentAsync(_store, segment, start, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Appends a frame.</summary>
    /// <param name="frame">Of the size given at the start; may be reused once the call has returned.</param>
    /// <param name="start">When it is shown, in ticks of the clock; later than the frame before.</param>
    /// <param name="cancellationToken">Kills ffmpeg.</param>
    /// <exception cref="LipSyncException">ffmpeg failed, or the disk is full.</exception>
    public async ValueTask WriteAsync(RgbImage frame, long start, CancellationToken cancellationToken)
    {
        if (frame.Width != _options.Width || frame.Height != _options.Height)
        {
            throw new ArgumentException(
                Invariant($"The frame is {frame.Width}x{frame.Height}, the video is {_options.Width}x{_options.Height}."),
                nameof(frame));
        }

        _segment ??= new VideoSegment(_tools, _options, _muxer, _partial ?? _store!.PathOf(_segments, "." + _muxer), start);
        await _segment.WriteAsync(frame, start, cancellationToken).ConfigureAwait(false);
        FramesWritten++;
    }

    /// <summary>Refuses encoder settings that this file, this size or this ffmpeg does not take.</summary>
    /// <exception cref="LipSyncException">InvalidOptions, or MissingDependency where ffmpeg lacks the encoder.</exception>
    public static async Task CheckEncoderAsync(
        MediaTools tools, string path, VideoEncoding encoding, int width, int height, CancellationToken cancellationToken)
    {
        var encoder = VideoEncoder.For(encoding.Codec);
        if ((encoding.Validate() is [var first, ..] ? first : encoder.Mistake(encoding, path, width, height)) is { } mistake)
        {
            throw new LipSyncException(LipSyncErrorCode.InvalidOptions, mistake) { Path = path };
        }

        if (encoding.Codec != VideoCodec.H264 && !await tools.HasEncoderAsync(encoder.Library, cancellationToken).ConfigureAwait(false))
        {
            throw new LipSyncException(
                LipSyncErrorCode.MissingDependency,
                $"This ffmpeg cannot write {encoder.Name} because it lacks {encoder.Library}; choose another --codec, or install a full build of ffmpeg.")
            {
                Path = tools.FfmpegPath,
            };
        }
    }

    /// <summary>Finishes the file, adds the sound, and moves it into place.</summary>
    /// <param name="edit">What is done to the sound.</param>
    /// <param name="end">When the last frame ends, in ticks; the sound ends there too.</param>
    /// <param name="cancellationToken">Kills ffmpeg.</param>
    /// <exception cref="LipSyncException">ffmpeg failed, the disk is full, or the output exists by now.</exception>
    /// <exception cref="InvalidOperationException">No frame was written.</exception>
    public async Task CompleteAsync(SoundEdit edit, long end, CancellationToken cancellationToken)
    {
        if (FramesWritten == 0)
        {
            throw new InvalidOperationException("A video needs at least one frame.");
        }

        if (_store is null)
        {
            await _segment!.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
        else if (_segment is { } last)
        {
            await FinishSegmentAsync(_store, last, end, cancellationToken).ConfigureAwait(false);
        }

        await _finishing.ConfigureAwait(false);
        _file.Commit(_sound is null && _store is null ? _segment!.Path : await MuxAsync(edit, end, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Kills ffmpeg and removes what was not completed; what is just being finished gets its time.</summary>
    public async ValueTask DisposeAsync()
    {
        await _finishing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_segment is not null)
        {
            await _segment.DisposeAsync().ConfigureAwait(false);
        }

        _file.Dispose();
    }

    /// <summary>Lets a segment come to its end beside what follows; waits for the one before.</summary>
    private async Task FinishSegmentAsync(ISegmentStore store, VideoSegment segment, long end, CancellationToken cancellationToken)
    {
        await _finishing.WaitAsync(cancellationToken).ConfigureAwait(false);
        _segment = null;
        _segments++;
        _finishing = FinishAsync();

        async Task FinishAsync()
        {
            await using (segment.ConfigureAwait(false))
            {
                await segment.CompleteAsync(CancellationToken.None).ConfigureAwait(false);
                await store.AddAsync(new SegmentEntry(segment.Frames, segment.Start, end), segment.Path).ConfigureAwait(false);
            }
        }
    }

    private async Task<string> MuxAsync(SoundEdit edit, long end, CancellationToken cancellationToken)
    {
        var result = _file.CreatePartial();
        var pictures = _store is null
            ? VideoWriteCommand.Whole(_options, _segment!.Path)
            : VideoWriteCommand.Joined(_store.WriteList(SegmentList.Format([.. _store.Segments.Select((segment, i) => (_store.PathOf(i, "." + _muxer), segment))], _options.Clock)));
        var run = _tools.StartFfmpeg(VideoWriteCommand.Mux(_options, pictures, _sound, edit, _options.Clock.Time(end), result));
        await using (run.ConfigureAwait(false))
        {
            var exitCode = await run.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (exitCode != 0 || MediaToolFailure.LostOutput(run.LastWords))
            {
                throw MediaToolFailure.Writing(_options.Path, exitCode, run.LastWords);
            }
        }

        return result;
    }
}
