using LatentSync.Imaging;

namespace LatentSync.Faces.Tracking;

/// <summary>
/// Decides what happens to the frames of a shot once enough of the next ones are known: short gaps between two frames with
/// a face are bridged; around longer ones the painted mouth fades. Looks ahead by <paramref name="longestBridge"/> + 1 +
/// <see cref="FadeFrames"/> frames.
/// </summary>
/// <param name="longestBridge">The longest gap that is bridged, in frames; 0 for none.</param>
/// <param name="anchor">The point of the crop that moves in a straight line over a gap.</param>
internal sealed class GapPlanner(int longestBridge, Point2D anchor)
{
    /// <summary>Frames over which the painted mouth appears and disappears: 0.12 s, about a blink.</summary>
    public const int FadeFrames = 3;

    private readonly List<FramePlan> _plans = [];
    private readonly List<FramePlan> _pending = [];

    // Leading frames of _pending whose fate is settled.
    private int _settled;

    // Painted frames since the last one of the shot that passed through.
    private int _sincePassed = FadeFrames;
    private bool _shotStarts = true;

    /// <summary>What was decided, in the order of the frames.</summary>
    public IReadOnlyList<FramePlan> Plans => _plans;

    /// <summary>The next frame of the shot.</summary>
    /// <param name="fate">Whether its face was found; not <see cref="FrameFate.Bridged"/>.</param>
    /// <param name="alignment">Where, if it was.</param>
    public void Add(FrameFate fate, AffineTransform alignment)
    {
        _pending.Add(new FramePlan(fate, _shotStarts, Weight: 1, alignment));
        _shotStarts = false;
        Settle(shotEnds: false);
        Emit(shotEnds: false);
    }

    /// <summary>The shot is over: what is pending is decided.</summary>
    public void EndShot()
    {
        Settle(shotEnds: true);
        Emit(shotEnds: true);
        (_sincePassed, _shotStarts) = (FadeFrames, true);
    }

    private void Settle(bool shotEnds)
    {
        while (_settled < _pending.Count)
        {
            var gap = GapLength(_settled);
            var end = _settled + gap;
            if (gap == 0)
            {
                _settled++;
            }
            else if (end < _pending.Count || gap > longestBridge || shotEnds)
            {
                Bridge(_settled, end);
                _settled = end;
            }
            else
            {
                return;
            }
        }
    }

    private int GapLength(int start)
    {
        var end = start;
        while (end < _pending.Count && !_pending[end].IsPainted)
        {
            end++;
        }

        return end - start;
    }

    /// <summary>Bridges the gap if a face is on both sides, it was missing and not turned away, and not for too long.</summary>
    private void Bridge(int start, int end)
    {
        if (start == 0 || end == _pending.Count || end - start > longestBridge || !_pending[start - 1].IsPainted
            || _pending[start..end].Exists(plan => plan.Fate == FrameFate.TurnedAway))
        {
            return;
        }

        var (before, after) = (_pending[start - 1].Alignment, _pending[end].Alignment);
        for (var i = start; i < end; i++)
        {
            var share = (double)(i - start + 1) / (end - start + 1);
            _pending[i] = _pending[i] with { Fate = FrameFate.Bridged, Alignment = AlignmentPath.At(before, after, share, anchor) };
        }
    }

    /// <summary>Hands out frames of which the fade is known. The last one handed out stays, as the near side of a gap.</summary>
    private void Emit(bool shotEnds)
    {
        var emitted = 0;
        while (emitted < _settled && (shotEnds || emitted + FadeFrames < _settled))
        {
            var plan = _pending[emitted];
            _sincePassed = plan.IsPainted ? Math.Min(_sincePassed + 1, FadeFrames + 1) : 0;
            _plans.Add(plan with { Weight = plan.IsPainted ? Weight(Math.Min(_sincePassed, UntilPassed(emitted))) : 0 });
            emitted++;
        }

        _pending.RemoveRange(0, emitted);
        _settled -= emitted;
    }

    /// <summary>Frames to the next one that passes through; more than the fade if it is farther away.</summary>
    private int UntilPassed(int from)
    {
        for (var distance = 1; distance <= FadeFrames && from + distance < _settled; distance++)
        {
            if (!_pending[from + distance].IsPainted)
            {
                return distance;
            }
        }

        return FadeFrames + 1;
    }

    private static float Weight(int distance) => (float)distance / (FadeFrames + 1);
}
