using System.Runtime.CompilerServices;
using LatentSync.Media.Write;
using LatentSync.Pipeline.Flow;
using LatentSync.Pipeline.Flow.Frames;
using LatentSync.Timeline;

namespace LatentSync.Pipeline.FileJob;

/// <summary>
/// The frames of a video in the order of a <see cref="FrameSchedule"/>, decoded as they come: their number need not be
/// known. A backward pass decodes short segments and turns each round, so that memory does not grow with the length of
/// the video, but for 8 bytes a frame for its time.
/// </summary>
/// <param name="open">Opens the video.</param>
/// <param name="pool">Where frames come from; the reader of the sequence gives them back.</param>
/// <param name="segmentLength">Frames held at once on a backward pass.</param>
/// <param name="schedule">What comes after the last frame, and where the result ends.</param>
/// <param name="clock">The clock of the frames' times.</param>
internal sealed class ScheduledFrames(OpenVideo open, FramePool pool, int segmentLength, FrameSchedule schedule, FrameClock clock) : IFrameSequence
{
    private readonly long _end = schedule.Length == LipSyncLength.Video ? long.MaxValue : schedule.End(clock.TicksPerSecond);

    private readonly VideoFrames _video = new(open, pool);

    // When the source shows each frame.
    private readonly List<long> _starts = [];

    // When the frame that was handed out last is shown, the one before it, and the one that would come next.
    private long _last;
    private long _beforeLast;
    private long _next;

    /// <summary>The times of the video's frames; null until its end was reached.</summary>
    public FrameTimes? Source { get; private set; }

    /// <summary>The times of those of them that were read, and when the next one would come; there must be one.</summary>
    public FrameTimes Read => Source ?? FrameTimes.Create(clock.TicksPerSecond, _starts, Math.Max(_next, _starts[^1] + 1));

    /// <summary>What was shown; known after the last frame was read.</summary>
    public ShownFrames Shown => new(Source, new LastFrame(_last, schedule.LastEnd(_last, _next, _last - _beforeLast, clock.TicksPerSecond)));

    private bool Freezes => schedule.Loop == LipSyncLoop.Freeze && schedule.Length == LipSyncLength.Audio;

    /// <summary>Yields the frames of the result; none if the video has none.</summary>
    public async IAsyncEnumerable<SourceFrame> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var frame in ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            (_beforeLast, _last) = (_last, frame.Start);
            yield return frame;
        }
    }

    private async IAsyncEnumerable<SourceFrame> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        SourceFrame? held = null;
        await foreach (var frame in ForwardAsync(pass: 0, cancellationToken).ConfigureAwait(false))
        {
            _starts.Add(frame.Start);

            // What is painted into the last frame must not be seen when it stands still.
            if (!Freezes)
            {
                yield return frame;
            }
            else if (held is not null)
            {
                yield return held;
            }

            held = frame;
        }

        if (Freezes && held is not null)
        {
            yield return Source is null ? held : _video.Copy(held, held.Start);
        }

        if (Source is null || schedule.Length == LipSyncLength.Video || schedule.Loop == LipSyncLoop.Trim)
        {
            yield break;
        }

        if (Freezes)
        {
            foreach (var frame in Stand(held!))
            {
                yield return frame;
            }

            yield break;
        }

        for (var pass = 1; _next < _end; pass++)
        {
            // Opening the file for every single frame would take far longer than keeping it.
            var frames =
                Source.Count == 1 ? StandAsync(cancellationToken)
                : pass % 2 == 1 && schedule.Loop == LipSyncLoop.PingPong ? BackwardAsync(Source, pass, cancellationToken)
                : ForwardAsync(pass, cancellationToken);
            await foreach (var frame in frames.ConfigureAwait(false))
            {
                yield return frame;
            }
        }
    }

    private async IAsyncEnumerable<SourceFrame> StandAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var picture in _video.DecodeAsync(0, limit: 1, Source, cancellationToken).ConfigureAwait(false))
        {
            foreach (var frame in Stand(picture))
            {
                yield return frame;
            }

            pool.Return(picture.Image);
        }
    }

    /// <summary>Shows one picture from now to the end.</summary>
    private IEnumerable<SourceFrame> Stand(SourceFrame picture)
    {
        // The reader paints into what it gets.
        for (var step = FrameSchedule.StillStep(Source!); _next < _end; )
        {
            var start = _next;
            _next += step;
            yield return _video.Copy(picture, start);
        }
    }

    private async IAsyncEnumerable<SourceFrame> BackwardAsync(FrameTimes times, int pass, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var segment = new Stack<SourceFrame>(segmentLength);
        var passEnd = (pass + 1) * times.Duration;
        for (var end = times.Count; end > 0; end -= segmentLength)
        {
            var start = Math.Max(0, end - segmentLength);
            await foreach (var frame in _video.DecodeAsync(start, end - start, times, cancellationToken).ConfigureAwait(false))
            {
                segment.Push(frame);
            }

            VideoFrames.RequireSameLength(end - start, segment.Count);
            while (segment.TryPop(out var frame))
            {
                if (_next >= _end)
                {
                    pool.Return(frame.Image);
                    continue;
                }

                var shown = _next;
                _next = passEnd - times[frame.Index];
                yield return frame with
                {
                    Start = shown,
                };
            }

            if (_next >= _end)
            {
                yield break;
            }
        }
    }

    private async IAsyncEnumerable<SourceFrame> ForwardAsync(int pass, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var passStart = pass * (Source?.Duration ?? 0);
        var index = 0;
        await foreach (var frame in _video.DecodeAsync(0, limit: null, Source, cancellationToken).ConfigureAwait(false))
        {
            var shown = passStart + frame.Start;
            if (shown >= _end)
            {
                pool.Return(frame.Image);
                _next = shown;
                yield break;
            }

            _next = shown + UsualStep(frame.Start);
            yield return frame with
            {
                Start = shown,
            };
            index++;
        }

        if (Source is { } known)
        {
            VideoFrames.RequireSameLength(known.Count, index);
            _next = passStart + known.Duration;
        }
        else if (index > 0)
        {
            Source = FrameTimes.Create(clock.TicksPerSecond, _starts, _next);
        }
    }

    /// <summary>How long a frame is taken to last if no other follows: as long as the one before, or by the rate if there is none.</summary>
    private long UsualStep(long start) =>
        _starts.Count > 0 && start > _starts[^1] ? start - _starts[^1] : Math.Max(1, (long)Math.Round(clock.TicksPerSecond / clock.FramesPerSecond));
}
