using LatentSync.Imaging;
using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Formats;
using LatentSync.Media.Probe;

namespace LatentSync.Media.Read;

/// <summary>
/// Reads the frames of a video one after the other, upright, into images of the caller. Memory does not grow with the
/// length of the video. A cancelled call ends the reader.
/// </summary>
internal sealed class VideoReader : IFrameReader
{
    // The filter that deinterlaces looks at the frame before.
    private const double DeinterlaceLeadSeconds = 0.1;

    private readonly MediaTools _tools;
    private readonly string _path;
    private readonly VideoStreamInfo _info;
    private readonly VideoReadOptions _options;
    private ToolRun _run;
    private NutReader? _nut;
    private bool _seeked;
    private bool _ended;

    private VideoReader(MediaTools tools, string path, VideoStreamInfo info, VideoReadOptions options, double? seek)
    {
        (_tools, _path, _info, _options) = (tools, path, info, options);
        _run = Run(seek);
    }

    /// <inheritdoc/>
    public long Start { get; private set; }

    /// <summary>Frames returned so far.</summary>
    public long FramesRead { get; private set; }

    /// <summary>
    /// What ffmpeg complained about so far; empty for a sound file. ffmpeg conceals damage and continues, so this is the
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
    public static async Task<VideoReader> OpenAsync(
        MediaTools tools,
        string path,
        VideoStreamInfo info,
        VideoReadOptions options,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.StartFrame, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.FrameLimit ?? 1, nameof(options));
        var fullPath = MediaInput.Validate(path);
        double? start =
            options.FrameRate is { } rate ? options.StartFrame / rate.Value
            : info.SourceClock is { } clock ? (double?)(options.StartTicks ?? options.FromTicks) / clock.TicksPerSecond
            : throw new ArgumentException("A stream without a time base has no frames at times of their own.", nameof(info));
        var seek =
            options.MaySeek && start is { } seconds
                ? await SeekPoint
                    .FindAsync(tools, fullPath, info, seconds - (info.IsInterlaced ? DeinterlaceLeadSeconds : 0), cancellationToken)
                    .ConfigureAwait(false)
                : null;
        cancellationToken.ThrowIfCancellationRequested();
        return new VideoReader(tools, path, info, options, seek);
    }

    /// <summary>Refuses a video that this ffmpeg cannot convert.</summary>
    /// <exception cref="LipSyncException">MissingDependency: it lacks a filter or a decoder.</exception>
    public static async Task CheckAsync(MediaTools tools, string path, VideoStreamInfo info, CancellationToken cancellationToken)
    {
        var missing =
            info.Color.IsHighDynamicRange && !await tools.HasFilterAsync(SourceFilters.RangeFilter, cancellationToken).ConfigureAwait(false)
                ? (FormattableString)$"\"{path}\" is HDR video, which this ffmpeg cannot convert because it was built without zimg"
            : SourceFilters.Decoder(info) is ["-c:v", var decoder] && !await tools.HasDecoderAsync(decoder, cancellationToken).ConfigureAwait(false)
                ? (FormattableString)$"\"{path}\" has transparent pictures, which this ffmpeg cannot read because it lacks {decoder}"
            : null;
        if (missing is not null)
        {
            throw new LipSyncException(LipSyncErrorCode.MissingDependency, $"{missing}; install a full build of ffmpeg, or convert the video first.")
            {
                Path = path,
            };
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
                nameof(destination)
            );
        }

        if (_ended)
        {
            return false;
        }

        var isWhole = await TryReadAsync(destination.Pixels, cancellationToken).ConfigureAwait(false);
        if (isWhole && _seeked && FramesRead == 0 && _options is { FrameRate: null, StartTicks: { } wanted } && Start != wanted)
        {
            // Where a seek does not lead to the frame that was there before, only decoding from the start does.
            await _run.DisposeAsync().ConfigureAwait(false);
            _run = Run(seek: null);
            isWhole = await TryReadAsync(destination.Pixels, cancellationToken).ConfigureAwait(false);
        }

        if (isWhole)
        {
            FramesRead++;
            return true;
        }

        _ended = true;
        if (FramesRead == 0 && _options is { StartFrame: 0, FromTicks: null })
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

    private ToolRun Run(double? seek)
    {
        _seeked = seek is not null;
        var run = _tools.StartFfmpeg(VideoReadCommand.Arguments(Path.GetFullPath(_path), _info, _options, seek));
        _nut = _options.FrameRate is null ? new NutReader(run.ReadSomeAsync) : null;
        return run;
    }

    /// <summary>Reads a frame and its time; false at the clean end.</summary>
    private async ValueTask<bool> TryReadAsync(byte[] pixels, CancellationToken cancellationToken)
    {
        var isTorn = false;
        try
        {
            if (_nut is null)
            {
                var read = await _run.ReadAsync(pixels, cancellationToken).ConfigureAwait(false);
                Start = (_options.StartFrame + FramesRead) * _options.FrameRate!.Value.Denominator;
                if (read == pixels.Length)
                {
                    return true;
                }

                isTorn = read != 0;
            }
            else if (await _nut.ReadAsync(pixels, _info.SourceClock!.Value.TicksPerSecond, cancellationToken).ConfigureAwait(false) is { } ticks)
            {
                Start = ticks;
                return true;
            }
        }
        catch (EndOfStreamException)
        {
            isTorn = true;
        }
        catch (InvalidDataException damage)
        {
            throw MediaToolFailure.Answer(_path, damage);
        }

        var exitCode = await _run.WaitAsync(cancellationToken).ConfigureAwait(false);
        return exitCode != 0 || isTorn ? throw MediaToolFailure.Reading(_path, exitCode, _run.LastWords) : false;
    }
}
