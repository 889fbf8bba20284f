using LatentSync.Imaging;

namespace LatentSync.Media;

/// <summary>
/// Encodes frames into a video file as they come. The file appears when <see cref="CompleteAsync(SoundEdit, TimeSpan, CancellationToken)"/> has returned; until
/// then, and for ever if that is not called, there is only a hidden file, which disposing removes. A cancelled call ends
/// the writer.
/// </summary>
internal sealed class VideoWriter : IFrameWriter
{
    private readonly MediaTools _tools;
    private readonly VideoWriteOptions _options;
    private readonly MediaInfo? _sound;
    private readonly OutputFile _file;
    private readonly string _encodedPath;
    private readonly ToolRun _encoder;
    private readonly byte[] _frameHeader = new byte[MatroskaFrames.FrameHeaderLength];

    private VideoWriter(MediaTools tools, VideoWriteOptions options, string muxer, MediaInfo? sound, OutputFile file)
    {
        _tools = tools;
        _options = options;
        _sound = sound;
        _file = file;
        _encodedPath = file.CreatePartial();
        _encoder = tools.StartFfmpeg(VideoWriteCommand.Encode(options, muxer, _encodedPath));
    }

    /// <summary>Frames written so far.</summary>
    public long FramesWritten { get; private set; }

    /// <summary>Checks everything that can be checked and starts the encoder.</summary>
    /// <exception cref="LipSyncException">The output cannot be written, the sound cannot be read, or ffmpeg is missing.</exception>
    public static Task<VideoWriter> CreateAsync(VideoWriteOptions options, CancellationToken cancellationToken) =>
        CreateAsync(MediaTools.Locate(), options, cancellationToken);

    /// <inheritdoc cref="CreateAsync(VideoWriteOptions, CancellationToken)"/>
    public static async Task<VideoWriter> CreateAsync(MediaTools tools, VideoWriteOptions options, CancellationToken cancellationToken)
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
            var muxer = sound is null ? container.Muxer : VideoEncoder.For(options.Encoding.Codec).IntermediateMuxer;
            return new VideoWriter(tools, options, muxer, sound, file);
        }
        catch
        {
            file.Dispose();
            throw;
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

        try
        {
            if (FramesWritten == 0)
            {
                await _encoder.WriteAsync(MatroskaFrames.Header(frame.Width, frame.Height, _options.Clock.FramesPerSecond), cancellationToken).ConfigureAwait(false);
            }

            MatroskaFrames.WriteFrameHeader(_frameHeader, start, _options.Clock.TicksPerSecond, frame.Pixels.Length);
            await _encoder.WriteAsync(_frameHeader, cancellationToken).ConfigureAwait(false);
            await _encoder.WriteAsync(frame.Pixels, cancellationToken).ConfigureAwait(false);
            FramesWritten++;
        }
        catch (IOException)
        {
            var exitCode = await _encoder.WaitAsync(cancellationToken).ConfigureAwait(false);
            throw MediaToolFailure.Writing(_options.Path, exitCode, _encoder.LastWords);
        }
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
    /// <param name="duration">Until the last frame ends; the sound ends there too.</param>
    /// <param name="cancellationToken">Kills ffmpeg.</param>
    /// <exception cref="LipSyncException">ffmpeg failed, the disk is full, or the output exists by now.</exception>
    /// <exception cref="InvalidOperationException">No frame was written.</exception>
    public async Task CompleteAsync(SoundEdit edit, TimeSpan duration, CancellationToken cancellationToken)
    {
        if (FramesWritten == 0)
        {
            throw new InvalidOperationException("A video needs at least one frame.");
        }

        var exitCode = await _encoder.WaitAsync(cancellationToken).ConfigureAwait(false);
        ThrowUnlessWritten(exitCode, _encoder.LastWords);
        var result = _sound is null ? _encodedPath : await AddSoundAsync(_sound, edit, duration, cancellationToken).ConfigureAwait(false);
        _file.Commit(result);
    }

    /// <summary>Kills ffmpeg and removes what was not completed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _encoder.DisposeAsync().ConfigureAwait(false);
        _file.Dispose();
    }

    private async Task<string> AddSoundAsync(MediaInfo sound, SoundEdit edit, TimeSpan duration, CancellationToken cancellationToken)
    {
        var result = _file.CreatePartial();
        var arguments = VideoWriteCommand.Mux(_options, _encodedPath, sound, edit, duration, result);
        var run = _tools.StartFfmpeg(arguments);
        await using (run.ConfigureAwait(false))
        {
            var exitCode = await run.WaitAsync(cancellationToken).ConfigureAwait(false);
            ThrowUnlessWritten(exitCode, run.LastWords);
        }

        return result;
    }

    private void ThrowUnlessWritten(int exitCode, string lastWords)
    {
        if (exitCode != 0 || MediaToolFailure.LostOutput(lastWords))
        {
            throw MediaToolFailure.Writing(_options.Path, exitCode, lastWords);
        }
    }
}
