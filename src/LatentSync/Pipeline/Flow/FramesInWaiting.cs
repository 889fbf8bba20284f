using System.Diagnostics.CodeAnalysis;
using LatentSync.Faces.Tracking;
using LatentSync.Pipeline.Flow.Frames;

namespace LatentSync.Pipeline.Flow;

/// <summary>
/// Holds decoded frames until the timeline has seen enough of the next ones. Each frame of the source is looked at once, on
/// the first pass; the later passes, backward and forward, go by the plans made then.
/// </summary>
internal sealed class FramesInWaiting(IFaceTimeline timeline)
{
    private readonly Queue<SourceFrame> _frames = [];
    private int _seen;
    private int? _previous;

    /// <summary>The next frame of the result.</summary>
    public void Add(SourceFrame frame)
    {
        if (frame.Index == _seen)
        {
            timeline.Add(frame.Image, frame.Start);
            _seen++;
        }
        else
        {
            // A frame that comes again tells that the video is at its end.
            End();
        }

        _frames.Enqueue(frame);
    }

    /// <summary>No other frame follows.</summary>
    public void End() => timeline.End();

    /// <summary>The next frame in the order they came in, if its plan is known.</summary>
    public bool TryTake([NotNullWhen(true)] out PlannedFrame? frame)
    {
        frame = null;
        if (!_frames.TryPeek(out var source) || source.Index >= timeline.Planned)
        {
            return false;
        }

        _frames.Dequeue();
        frame = new PlannedFrame(source, timeline[source.Index], IsAcrossCut(source.Index));
        _previous = source.Index;
        return true;
    }

    /// <summary>
    /// Backward, a shot's first frame is the last one of it that is shown. At a turn the same frame comes twice. A video that
    /// starts over jumps.
    /// </summary>
    private bool IsAcrossCut(int index) =>
        _previous is { } previous && previous != index && (Math.Abs(previous - index) > 1 || timeline[Math.Max(previous, index)].StartsShot);
}
