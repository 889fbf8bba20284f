using LatentSync.Imaging;
using LatentSync.Media.Formats;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;
using LatentSync.Progress;
using LatentSync.Timeline;

namespace LatentSync.Pipeline.FileJob;

/// <summary>
/// The video of a job, which may be opened again and again. Its first frame is at 0: where the file begins later by less
/// than a frame, all times are earlier by that; where it begins later still, the first frame stands from 0 on, as players
/// show it, so that pictures and sound of the file stay in step. Where a part of the file is skipped, all this is so for the rest.
/// </summary>
/// <param name="source">The file.</param>
/// <param name="rate">The grid of the frames; null for their own times.</param>
/// <param name="clock">The clock of their times.</param>
/// <param name="times">Told how long decoding takes.</param>
/// <param name="strict">A video that is damaged or broken off is an error.</param>
/// <param name="skipped">Seconds of the file that are left out.</param>
/// <param name="offset"><see cref="Offset"/>, if it is known from an earlier pass.</param>
internal sealed class SourceVideo(MediaInfo source, FrameRate? rate, FrameClock clock, WorkTimes times, bool strict, double skipped, long offset = 0)
{
    // Of a tick, so that a time that is written in decimals does not miss the frame that is shown at it.
    private const double TickMargin = 1e-3;

    private readonly VideoStreamInfo _info = source.RequireVideo();

    // Where the part that is used begins: in frames of the grid, or in ticks of the file.
    private readonly long _firstFrame = rate is { } grid ? (long)Math.Round(skipped * grid.Value) : 0;
    private readonly long? _from = rate is null && skipped > 0 ? (long)Math.Ceiling((skipped * clock.TicksPerSecond) - TickMargin) : null;

    /// <summary>What is wrong with the video, as far as its first pass was read; null for nothing.</summary>
    public InputDamage? Damage { get; private set; }

    /// <summary>Ticks between the file's clock and the result's; known when the first frame was read.</summary>
    public long Offset { get; private set; } = offset;

    /// <inheritdoc cref="OpenVideo"/>
    public async Task<IFrameReader> OpenAsync(int frame, long? start, int? limit, CancellationToken cancellationToken)
    {
        var options = new VideoReadOptions
        {
            FrameRate = rate,
            StartFrame = _firstFrame + frame,
            StartTicks = start + Offset,
            FromTicks = _from,
            MaySeek = start is not null || skipped > 0,
            FrameLimit = limit,
        };
        return new Reader(this, frame, limit, await VideoReader.OpenAsync(source.Path, _info, options, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Reads all frames once more, only for what is wrong with them.</summary>
    /// <exception cref="LipSyncException">The video is damaged or broken off, and that is an error.</exception>
    public async Task RequireWholeAsync(CancellationToken cancellationToken)
    {
        var frame = new RgbImage(_info.DisplayWidth, _info.DisplayHeight);
        var reader = await OpenAsync(0, start: null, limit: null, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(frame, cancellationToken).ConfigureAwait(false)) { }
        }
    }

    private void Align(long firstStart)
    {
        var begin = _from ?? (_firstFrame * (rate?.Denominator ?? 0));
        Offset = rate is null && (firstStart - begin) * clock.FramesPerSecond < clock.TicksPerSecond ? firstStart : begin;
    }

    /// <summary>Refuses a part that has no frames.</summary>
    private void RequireRest(int frames)
    {
        if (frames == 0 && skipped > 0)
        {
            var option = new OptionReference(nameof(LipSyncFileOptions.VideoStart));
            throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                $"{option} is {skipped}, but \"{source.Path}\" has no frame after that; choose an earlier start."
            )
            {
                Path = source.Path,
            };
        }
    }

    private sealed class Reader(SourceVideo video, int frame, int? limit, VideoReader reader) : IFrameReader
    {
        private readonly bool _isFirstPass = frame == 0;
        private int _next = frame;

        public long Start => _next == 1 ? 0 : reader.Start - video.Offset;

        public async ValueTask<bool> ReadAsync(RgbImage destination, CancellationToken cancellationToken)
        {
            using var measurement = video.Times.Measure(LipSyncWork.Decode);
            if (!await reader.ReadAsync(destination, cancellationToken).ConfigureAwait(false))
            {
                Examine(hasEnded: limit is null);
                video.RequireRest(_next);
                return video.IsStrict && video.Damage is { } damage ? throw damage.Error : false;
            }

            if (_next++ == 0)
            {
                video.Align(reader.Start);
            }

            return true;
        }

        public ValueTask DisposeAsync()
        {
            Examine(hasEnded: false);
            return reader.DisposeAsync();
        }

        /// <summary>A pass that begins later sees nothing that the first has not seen.</summary>
        private void Examine(bool hasEnded)
        {
            if (_isFirstPass && video.Damage is null && _next > 0)
            {
                video.Damage = video.Find(reader, hasEnded);
            }
        }
    }

    private InputDamage? Find(VideoReader reader, bool hasEnded)
    {
        var end = clock.Time(reader.Start) + TimeSpan.FromSeconds(1 / clock.FramesPerSecond);

        // Where no frame is missing, the last one lasts long; how many there are in a part is not known.
        var isWhole = rate is null && (_from is not null || reader.FramesRead >= _info.FrameCount);
        return _info.StillDemuxer is null
            ? InputDamage.Of(source.Path, source.FormatName, end, hasEnded, isWhole ? null : _info.Duration, reader.Complaints)
            : null;
    }

    private bool IsStrict => strict;

    private WorkTimes Times => times;
}
