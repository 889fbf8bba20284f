using LatentSync.Imaging;

namespace LatentSync.Media;

/// <summary>
/// Encodes frames into a video file as they come. The file appears when <see cref="CompleteAsync"/> has returned; until
/// then, and for ever if that is not called, there is only a hidden file, which disposing removes. A cancelled call ends
/// the writer.
/// </summary>
internal sealed class VideoWriter : IFrameWriter
{
    private const int BestRateFactor = 0;
    private const int WorstRateFactor = 51;

    private readonly MediaTools _tools;
    private readonly VideoWriteOptions _options;
    private readonly OutputContainer _container;
    private readonly AudioStreamInfo? _sound;
    private readonly OutputFile _file;
    private readonly string _encodedPath;
    private readonly ToolRun _encoder;

    private VideoWriter(MediaTools tools, VideoWriteOptions options, OutputContainer container, AudioStreamInfo? sound, OutputFile file)
    {
        _tools = tools;
        _options = options;
        _container = container;
        _sound = sound;
        _file = file;
        _encodedPath = file.CreatePartial();
        var muxer = sound is null ? container.Muxer : VideoWriteCommand.IntermediateMuxer;
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
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ConstantRateFactor, BestRateFactor, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.ConstantRateFactor, WorstRateFactor, nameof(options));
        var container = OutputContainer.ForPath(options.Path);
        var file = OutputFile.Create(options.Path, options.Overwrite, options.SoundPath is { } path ? [.. options.InputPaths, path] : options.InputPaths);
        try
        {
            var sound = options.SoundPath is null
                ? null
                : (await MediaProbe.ProbeAsync(tools, options.SoundPath, cancellationToken).ConfigureAwait(false)).RequireAudio();
            return new VideoWriter(tools, options, container, sound, file);
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

    /// <summary>Finishes the file, adds the sound, and moves it into place.</summary>
    /// <exception cref="LipSyncException">ffmpeg failed, the disk is full, or the output exists by now.</exception>
    /// <exception cref="InvalidOperationException">No frame was written.</exception>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        if (FramesWritten == 0)
        {
            throw new InvalidOperationException("A video needs at least one frame.");
        }

        var exitCode = await _encoder.WaitAsync(cancellationToken).ConfigureAwait(false);
        ThrowUnlessWritten(exitCode, _encoder.LastWords);
        var result = _sound is null ? _encodedPath : await AddSoundAsync(_sound, cancellationToken).ConfigureAwait(false);
        _file.Commit(result);
    }

    /// <summary>Kills ffmpeg and removes what was not completed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _encoder.DisposeAsync().ConfigureAwait(false);
        _file.Dispose();
    }

    private async Task<string> AddSoundAsync(AudioStreamInfo sound, CancellationToken cancellationToken)
    {
        var result = _file.CreatePartial();
        var duration = TimeSpan.FromSeconds(FramesWritten / _options.FrameRate.Value);
        var arguments = VideoWriteCommand.Mux(_encodedPath, Path.GetFullPath(_options.SoundPath!), sound, duration, _container, result);
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
