using LatentSync.Imaging;

namespace LatentSync.Media;

/// <summary>
/// Reads the frames of a video one after the other, upright, into images of the caller. Memory does not grow with the
/// length of the video. A cancelled call ends the reader.
/// </summary>
internal sealed class VideoReader : IFrameReader
{
    // The filter that deinterlaces looks at the frame before.
    private const double DeinterlaceLeadSeconds = 0.1;

    private readonly string _path;
    private readonly VideoStreamInfo _info;
    private readonly VideoReadOptions _options;
    private readonly ToolRun _run;
    private bool _ended;

    private VideoReader(string path, VideoStreamInfo info, VideoReadOptions options, ToolRun run)
    {
        _path = path;
        _info = info;
        _options = options;
        _run = run;
    }

    /// <summary>Frames returned so far.</summary>
    public long FramesRead { get; private set; }

    /// <summary>
    /// What ffmpeg complained about so far; empty for a sound file. ffmpeg conceals damage and goes on, so this is the
    /// only sign of it.
    /// </summary>
    public string Complaints => _run.LastWords;

    /// <summary>Starts decoding.</summary>
    /// <param name="path">The file.</param>
    /// <param name="info">Its picture track, from <see cref="MediaProbe"/>.</param>
    /// <param name="options">Which frames.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LipSyncException">The file cannot be opened, or ffmpeg is missing.</exception>
    public static Task<VideoReader> OpenAsync(string path, VideoStreamInfo info, VideoReadOptions options, CancellationToken cancellationToken) =>
        OpenAsync(MediaTools.Locate(), path, info, options, cancellationToken);

    /// <inheritdoc cref="OpenAsync(string, VideoStreamInfo, VideoReadOptions, CancellationToken)"/>
    public static async Task<VideoReader> OpenAsync(MediaTools tools, string path, VideoStreamInfo info, VideoReadOptions options, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.StartFrame, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.FrameLimit ?? 1, nameof(options));
        var fullPath = MediaInput.Validate(path);
        var seek = options.FrameRate is { } rate
            ? await SeekPoint.FindAsync(tools, fullPath, info, (options.StartFrame / rate.Value) - (info.IsInterlaced ? DeinterlaceLeadSeconds : 0), cancellationToken).ConfigureAwait(false)
            : null;
        cancellationToken.ThrowIfCancellationRequested();
        return new VideoReader(path, info, options, tools.StartFfmpeg(VideoReadCommand.Arguments(fullPath, info, options, seek)));
    }

    /// <summary>Refuses a video that this ffmpeg cannot convert.</summary>
    /// <exception cref="LipSyncException">MissingDependency: it lacks a filter or a decoder.</exception>
    public static async Task CheckAsync(MediaTools tools, string path, VideoStreamInfo info, CancellationToken cancellationToken)
    {
        var missing =
            info.Color.IsHighDynamicRange && !await tools.HasFilterAsync(SourceFilters.RangeFilter, cancellationToken).ConfigureAwait(false)
                ? $"\"{path}\" is HDR video, which this ffmpeg cannot convert because it was built without zimg"
            : SourceFilters.Decoder(info) is [_, var decoder] && !await tools.HasDecoderAsync(decoder, cancellationToken).ConfigureAwait(false)
                ? $"\"{path}\" has transparent pictures, which this ffmpeg cannot read because it lacks {decoder}"
            : null;
        if (missing is not null)
        {
            throw new LipSyncException(LipSyncErrorCode.MissingDependency, $"{missing}; install a full build of ffmpeg, or convert the video first.") { Path = path };
        }
    }

    /// <summary>Reads the next frame; false at the end of the video.</summary>
    /// <param name="destination">Filled with the frame; of the video's display size.</param>
    /// <param name="cancellationToken">Kills ffmpeg.</param>
    /// <exception cref="LipSyncException">ffmpeg failed, ended within a frame, or found no frame at all.</exception>
    public async ValueTask<bool> ReadAsync(RgbImage destination, CancellationToken cancellationToken)
    {
        if (destination.Width != _info.DisplayWidth || destination.Height != _info.DisplayHeight)
        {
            throw new ArgumentException(
                Invariant($"The image is {destination.Width}x{destination.Height}, the video's frames are {_info.DisplayWidth}x{_info.DisplayHeight}."),
                nameof(destination));
        }

        if (_ended)
        {
            return false;
        }

        var read = await _run.ReadAsync(destination.Pixels, cancellationToken).ConfigureAwait(false);
        if (read == destination.Pixels.Length)
        {
            FramesRead++;
            return true;
        }

        _ended = true;
        var exitCode = await _run.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (exitCode != 0 || read != 0)
        {
            throw MediaToolFailure.Reading(_path, exitCode, _run.LastWords);
        }

        if (FramesRead == 0 && _options.StartFrame == 0)
        {
            throw new LipSyncException(LipSyncErrorCode.InvalidInput, $"The video \"{_path}\" has no frame that can be decoded; check that it plays.")
            {
                Path = _path,
                Detail = _run.LastWords,
            };
        }

        return false;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _run.DisposeAsync();
}
