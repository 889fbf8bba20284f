using LatentSync.Imaging;

namespace LatentSync.Media;

/// <summary>
/// Encodes frames into a video file as they come. The file appears when <see cref="CompleteAsync(SoundEdit, CancellationToken)"/> has returned; until
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

    private VideoWriter(MediaTools tools, VideoWriteOptions options, string muxer, MediaInfo? sound, OutputFile file)
    {
        _tools = tools;
        _options = options;
        _sound = sound;
        _file = file;
        _encodedPath = file.CreatePartial();
        _encoder = tools.StartFfmpeg(VideoWriteCommand.Encode(options, muxer, _encodedPath));
    }

    /// <summary>The encoder settings; never <see cref="VideoEncoderKind.Auto"/>.</summary>
    public VideoEncoding Encoding => _options.Encoding;

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
        options = await EncoderTrial.ResolveAsync(tools, options, cancellationToken).ConfigureAwait(false);
        var file = OutputFile.Create(options.Path, options.Overwrite, options.SoundPath is { } path ? [.. options.InputPaths, path] : options.InputPaths);
        try
        {
            var sound = options.SoundPath is null ? null : await MediaProbe.ProbeAsync(tools, options.SoundPath, cancellationToken).ConfigureAwait(false);
            sound?.RequireAudio();
            var muxer = sound is null ? container.Muxer : VideoEncoder.For(options.Encoding).IntermediateMuxer;
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
    /// <param name="cancellationToken">Kills ffmpeg.</param>
    /// <exception cref="LipSyncException">ffmpeg failed, or the disk is full.</exception>
    public async ValueTask WriteAsync(RgbImage frame, CancellationToken cancellationToken)
    {
        if (frame.Width != _options.Width || frame.Height != _options.Height)
        {
            throw new ArgumentException(
                Invariant($"The frame is {frame.Width}x{frame.Height}, the video is {_options.Width}x{_options.Height}."),
                nameof(frame));
        }

        try
        {
            await _encoder.WriteAsync(frame.Pixels, cancellationToken).ConfigureAwait(false);
            FramesWritten++;
        }
        catch (IOException)
        {
            var exitCode = await _encoder.WaitAsync(cancellationToken).ConfigureAwait(false);
            throw MediaToolFailure.Writing(_options.Path, exitCode, _encoder.LastWords);
        }
    }

    /// <inheritdoc/>
    public Task CompleteAsync(CancellationToken cancellationToken) => CompleteAsync(SoundEdit.None, cancellationToken);

    /// <summary>Finishes the file, adds the sound, and moves it into place.</summary>
    /// <param name="edit">What is done to the sound.</param>
    /// <param name="cancellationToken">Kills ffmpeg.</param>
    /// <exception cref="LipSyncException">ffmpeg failed, the disk is full, or the output exists by now.</exception>
    /// <exception cref="InvalidOperationException">No frame was written.</exception>
    public async Task CompleteAsync(SoundEdit edit, CancellationToken cancellationToken)
    {
        if (FramesWritten == 0)
        {
            throw new InvalidOperationException("A video needs at least one frame.");
        }

        var exitCode = await _encoder.WaitAsync(cancellationToken).ConfigureAwait(false);
        ThrowUnlessWritten(exitCode, _encoder.LastWords);
        var result = _sound is null ? _encodedPath : await AddSoundAsync(_sound, edit, cancellationToken).ConfigureAwait(false);
        _file.Commit(result);
    }

    /// <summary>
    /// Completes the file with the stored pictures of the source instead of the frames that were written, which showed the
    /// same from its start.
    /// </summary>
    /// <param name="source">The source.</param>
    /// <param name="isCut">It goes on after the last frame that was written.</param>
    /// <param name="edit">What is done to the sound.</param>
    /// <param name="cancellationToken">Kills ffmpeg.</param>
    /// <returns>False if this kind of file does not take them; then <see cref="CompleteAsync(SoundEdit, CancellationToken)"/> is still to be called.</returns>
    /// <exception cref="LipSyncException">The disk is full, or the output exists by now.</exception>
    public async Task<bool> TryCompleteWithSourceAsync(MediaInfo source, bool isCut, SoundEdit edit, CancellationToken cancellationToken)
    {
        if (_sound is null || !OutputContainer.ForPath(_options.Path).Copies(source.RequireVideo()))
        {
            return false;
        }

        var result = _file.CreatePartial();
        var (exitCode, lastWords) = await RunAsync(VideoWriteCommand.MuxSource(_options, source, isCut, _sound, edit, Duration, result), cancellationToken).ConfigureAwait(false);
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

    /// <summary>Kills ffmpeg and removes what was not completed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _encoder.DisposeAsync().ConfigureAwait(false);
        _file.Dispose();
    }

    private TimeSpan Duration => TimeSpan.FromSeconds(FramesWritten / _options.FrameRate.Value);

    private async Task<string> AddSoundAsync(MediaInfo sound, SoundEdit edit, CancellationToken cancellationToken)
    {
        var result = _file.CreatePartial();
        var (exitCode, lastWords) = await RunAsync(VideoWriteCommand.Mux(_options, _encodedPath, sound, edit, Duration, result), cancellationToken).ConfigureAwait(false);
        ThrowUnlessWritten(exitCode, lastWords);
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

    private void ThrowUnlessWritten(int exitCode, string lastWords)
    {
        if (exitCode != 0 || MediaToolFailure.LostOutput(lastWords))
        {
            throw MediaToolFailure.Writing(_options.Path, exitCode, lastWords);
        }
    }
}
