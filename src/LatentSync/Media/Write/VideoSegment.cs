using LatentSync.Imaging;
using LatentSync.Media.Ffmpeg;

namespace LatentSync.Media.Write;

/// <summary>One run of an encoder: frames into one file, whose first frame is at 0. Disposing kills it.</summary>
internal sealed class VideoSegment : IAsyncDisposable
{
    private readonly VideoWriteOptions _options;
    private readonly ToolRun _encoder;
    private readonly byte[] _frameHeader = new byte[MatroskaFrames.FrameHeaderLength];

    /// <summary>Starts the encoder.</summary>
    /// <param name="tools">ffmpeg.</param>
    /// <param name="options">What is written.</param>
    /// <param name="muxer">ffmpeg's name of the file's format.</param>
    /// <param name="path">The file, as a full path; replaced.</param>
    /// <param name="start">When the first frame is shown in the whole video, in ticks.</param>
    public VideoSegment(MediaTools tools, VideoWriteOptions options, string muxer, string path, long start)
    {
        (_options, Path, Start) = (options, path, start);
        _encoder = tools.StartFfmpeg(VideoWriteCommand.Encode(options, muxer, path));
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>When its first frame is shown in the whole video, in ticks.</summary>
    public long Start { get; }

    /// <summary>Frames written so far.</summary>
    public int Frames { get; private set; }

    /// <summary>Appends a frame.</summary>
    /// <param name="frame">The frame; may be used again when the call returns.</param>
    /// <param name="start">When it is shown in the whole video, in ticks.</param>
    /// <param name="cancellationToken">Kills ffmpeg.</param>
    /// <exception cref="LipSyncException">ffmpeg failed, or the disk is full.</exception>
    public async ValueTask WriteAsync(RgbImage frame, long start, CancellationToken cancellationToken)
    {
        try
        {
            if (Frames == 0)
            {
                await _encoder
                    .WriteAsync(MatroskaFrames.Header(frame.Width, frame.Height, _options.Clock.FramesPerSecond), cancellationToken)
                    .ConfigureAwait(false);
            }

            MatroskaFrames.WriteFrameHeader(_frameHeader, start - Start, _options.Clock.TicksPerSecond, frame.Pixels.Length);
            await _encoder.WriteAsync(_frameHeader, cancellationToken).ConfigureAwait(false);
            await _encoder.WriteAsync(frame.Pixels, cancellationToken).ConfigureAwait(false);
            Frames++;
        }
        catch (IOException)
        {
            var exitCode = await _encoder.WaitAsync(cancellationToken).ConfigureAwait(false);
            throw MediaToolFailure.Writing(_options.Path, exitCode, _encoder.LastWords);
        }
    }

    /// <summary>Waits until the file is complete.</summary>
    /// <exception cref="LipSyncException">ffmpeg failed, or the disk is full.</exception>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        var exitCode = await _encoder.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (exitCode != 0 || MediaToolFailure.LostOutput(_encoder.LastWords))
        {
            throw MediaToolFailure.Writing(_options.Path, exitCode, _encoder.LastWords);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _encoder.DisposeAsync();
}
