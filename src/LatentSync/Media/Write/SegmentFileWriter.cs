using System.Diagnostics.CodeAnalysis;
using LatentSync.Imaging;
using LatentSync.Media.Encoders;
using LatentSync.Media.Ffmpeg;

namespace LatentSync.Media.Write;

/// <summary>
/// One part of a result's pictures as a file of its own, the same as <see cref="VideoWriter"/> makes it among others. The file
/// appears when <see cref="CompleteAsync"/> has returned. A cancelled call ends the writer.
/// </summary>
internal sealed class SegmentFileWriter : IFrameWriter
{
    private readonly OutputFile _file;
    private readonly string _partial;
    private readonly VideoSegment _segment;

    private SegmentFileWriter(OutputFile file, string partial, VideoSegment segment) => (_file, _partial, _segment) = (file, partial, segment);

    /// <summary>Frames written so far.</summary>
    public int Frames => _segment.Frames;

    /// <summary>Starts the encoder.</summary>
    /// <param name="tools">ffmpeg.</param>
    /// <param name="options">How the result is written; the encoder works on this machine.</param>
    /// <param name="path">The part's file; replaced.</param>
    /// <param name="start">When its first frame is shown in the result, in ticks.</param>
    /// <exception cref="LipSyncException">OutputFailed or InvalidOptions: the file cannot be written, or is an input.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The result owns the file and the encoder.")]
    public static SegmentFileWriter Create(MediaTools tools, VideoWriteOptions options, string path, long start)
    {
        var file = OutputFile.Create(path, overwrite: true, options.SoundPath is { } sound ? [.. options.InputPaths, sound] : options.InputPaths);
        try
        {
            var partial = file.CreatePartial();
            var muxer = VideoEncoder.For(options.Encoding).IntermediateMuxer;
            return new SegmentFileWriter(file, partial, new VideoSegment(tools, options with { Path = path }, muxer, partial, start));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(RgbImage frame, long start, CancellationToken cancellationToken) => _segment.WriteAsync(frame, start, cancellationToken);

    /// <summary>As any other frame: all of a segment is encoded.</summary>
    public ValueTask PassAsync(RgbImage frame, long start, CancellationToken cancellationToken) => WriteAsync(frame, start, cancellationToken);

    /// <summary>Nothing: where the part ends is known.</summary>
    public ValueTask MayCutAsync(long start, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Finishes the file and moves it into place.</summary>
    /// <exception cref="LipSyncException">ffmpeg failed, or the disk is full.</exception>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await _segment.CompleteAsync(cancellationToken).ConfigureAwait(false);
        _file.Commit(_partial);
    }

    /// <summary>Kills ffmpeg and removes what was not completed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _segment.DisposeAsync().ConfigureAwait(false);
        _file.Dispose();
    }
}
