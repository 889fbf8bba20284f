using System.Diagnostics.CodeAnalysis;
using LatentSync.Imaging;
using LatentSync.Media.Encoders;
using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Packets;
using LatentSync.Media.Probe;
using LatentSync.Media.Sound;

namespace LatentSync.Media.Write;

/// <summary>
/// Encodes frames into a video file as they come. The file appears when
/// <see cref="CompleteAsync(SoundEdit, LastFrame, CancellationToken)"/> has returned; until
/// then, and for ever if that is not called, there are only hidden files, which disposing removes, but for the finished
/// parts that a store keeps. A cancelled call ends the writer.
/// </summary>
internal sealed class VideoWriter : IFrameWriter
{
    private readonly MediaTools _tools;
    private readonly VideoWriteOptions _options;
    private readonly ISegmentStore? _store;
    private readonly string _muxer;
    private readonly ResultSound? _sound;
    private readonly OutputFile _file;
    private readonly string? _partial;
    private VideoSegment? _segment;
    private int _segments;

    // The segment before is finished while the next one begins.
    private Task _finishing = Task.CompletedTask;

    private VideoWriter(MediaTools tools, VideoWriteOptions options, ISegmentStore? store, string muxer, ResultSound? sound, OutputFile file)
    {
        (_tools, _options, _store, _muxer, _sound, _file) = (tools, options, store, muxer, sound, file);
        _segments = store?.Segments.Count ?? 0;
        _partial = store is null ? file.CreatePartial() : null;
        FramesWritten = store?.Segments.Sum(segment => segment.Frames) ?? 0;
    }

    /// <summary>The encoder settings; never <see cref="VideoEncoderKind.Auto"/>.</summary>
    public VideoEncoding Encoding => _options.Encoding;

    /// <summary>Frames of the result so far, those of segments that were there included.</summary>
    public long FramesWritten { get; private set; }

    /// <summary>Checks everything that can be checked.</summary>
    /// <exception cref="LipSyncException">The output cannot be written, the sound cannot be read, or ffmpeg is missing.</exception>
    public static Task<VideoWriter> CreateAsync(VideoWriteOptions options, CancellationToken cancellationToken) =>
        CreateAsync(MediaTools.Locate(), options, store: null, cancellationToken);

    /// <inheritdoc cref="CreateAsync(VideoWriteOptions, CancellationToken)"/>
    public static Task<VideoWriter> CreateAsync(MediaTools tools, VideoWriteOptions options, CancellationToken cancellationToken) =>
        CreateAsync(tools, options, store: null, cancellationToken);

    /// <summary>The same, in segments that a store keeps; it continues after those that are there.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The result owns the file.")]
    public static async Task<VideoWriter> CreateAsync(MediaTools tools, VideoWriteOptions options, ISegmentStore? store, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Width, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Height, nameof(options));
        var container = OutputContainer.ForPath(options.Path);
        options = await EncoderTrial.ResolveAsync(tools, options, cancellationToken).ConfigureAwait(false);
        var file = OutputFile.Create(options.Path, options.Overwrite, options.SoundPath is { } path ? [.. options.InputPaths, path] : options.InputPaths);
        try
        {
            var sound = options.SoundPath is null
                ? null
                : await SoundTrial
                    .ResolveAsync(
                        tools,
                        (await MediaProbe.ProbeAsync(tools, options.SoundPath, cancellationToken).ConfigureAwait(false)).WithAudioTrack(options.SoundTrack),
                        options.Path,
                        cancellationToken
                    )
                    .ConfigureAwait(false);
            var muxer = sound is null && store is null ? container.Muxer : VideoEncoder.For(options.Encoding).IntermediateMuxer;
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
        if (_store is not null && _segment is { } segment && _store.SegmentLength.IsReached(segment.Start, start))
        {
            await FinishSegmentAsync(_store, segment, start, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>As any other frame: all of a segment is encoded.</summary>
    public ValueTask PassAsync(RgbImage frame, long start, CancellationToken cancellationToken) => WriteAsync(frame, start, cancellationToken);

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
                nameof(frame)
            );
        }

        _segment ??= new VideoSegment(_tools, _options, _muxer, _partial ?? _store!.PathOf(_segments, "." + _muxer), start);
        await _segment.WriteAsync(frame, start, cancellationToken).ConfigureAwait(false);
        FramesWritten++;
    }

    /// <summary>Finishes the file, adds the sound, and moves it into place.</summary>
    /// <param name="edit">What is done to the sound.</param>
    /// <param name="last">The last frame; the sound ends with it.</param>
    /// <param name="cancellationToken">Kills ffmpeg.</param>
    /// <exception cref="LipSyncException">ffmpeg failed, the disk is full, or the output exists by now.</exception>
    /// <exception cref="InvalidOperationException">No frame was written.</exception>
    public async Task CompleteAsync(SoundEdit edit, LastFrame last, CancellationToken cancellationToken)
    {
        if (FramesWritten == 0)
        {
            throw new InvalidOperationException("A video needs at least one frame.");
        }

        if (_store is null)
        {
            await _segment!.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
        else if (_segment is { } segment)
        {
            await FinishSegmentAsync(_store, segment, last.End, cancellationToken).ConfigureAwait(false);
        }

        await _finishing.ConfigureAwait(false);
        _file.Commit(_sound is null && _store is null ? _segment!.Path : await MuxAsync(edit, last, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>
    /// Completes the file with the stored pictures of the source instead of the frames that were written, which showed the
    /// same from its start.
    /// </summary>
    /// <param name="source">The source.</param>
    /// <param name="isCut">It continues after the last frame that was written.</param>
    /// <param name="edit">What is done to the sound.</param>
    /// <param name="last">The last frame; the sound ends with it.</param>
    /// <param name="cancellationToken">Kills ffmpeg.</param>
    /// <returns>False if this kind of file does not take them; then <see cref="CompleteAsync"/> is still to be called.</returns>
    /// <exception cref="LipSyncException">The disk is full, or the output exists by now.</exception>
    public async Task<bool> TryCompleteWithSourceAsync(MediaInfo source, bool isCut, SoundEdit edit, LastFrame last, CancellationToken cancellationToken)
    {
        if (_sound is null || !OutputContainer.ForPath(_options.Path).Copies(source.RequireVideo()))
        {
            return false;
        }

        if (isCut && !await PicturePackets.CanEndAtAsync(_tools, source, _options.Clock.Time(last.End), cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        var result = _file.CreatePartial();
        var (exitCode, lastWords) = await RunAsync(VideoWriteCommand.MuxSource(_options, source, isCut, _sound, edit, last, result), cancellationToken)
            .ConfigureAwait(false);
        if (MediaToolFailure.LostOutput(lastWords))
        {
            throw MediaToolFailure.Writing(_options.Path, exitCode, lastWords);
        }

        if (exitCode != 0)
        {
            return false;
        }

        _file.Commit(result);
        return true;
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

    private async Task<string> MuxAsync(SoundEdit edit, LastFrame last, CancellationToken cancellationToken)
    {
        var result = _file.CreatePartial();
        var pictures = _store is null
            ? VideoWriteCommand.Whole(_options, _segment!.Path)
            : VideoWriteCommand.Joined(
                _store.WriteList(SegmentList.Format([.. _store.Segments.Select((segment, i) => (_store.NameInList(i, "." + _muxer), segment))], _options.Clock))
            );
        var (exitCode, lastWords) = await RunAsync(VideoWriteCommand.Mux(_options, pictures, _sound, edit, last, result), cancellationToken)
            .ConfigureAwait(false);
        if (exitCode != 0 || MediaToolFailure.LostOutput(lastWords))
        {
            throw MediaToolFailure.Writing(_options.Path, exitCode, lastWords);
        }

        return result;
    }

    private async Task<(int ExitCode, string LastWords)> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var run = _tools.StartFfmpeg(arguments);
        await using (run.ConfigureAwait(false))
        {
            return (await run.WaitAsync(cancellationToken).ConfigureAwait(false), run.LastWords);
        }
    }
}
