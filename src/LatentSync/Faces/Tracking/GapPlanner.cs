using LatentSync.Imaging;
using LatentSync.Timeline;

namespace LatentSync.Faces.Tracking;

/// <summary>
/// Decides what happens to the frames of a shot once enough of the next ones are known: short gaps between two frames with
/// a face are bridged; around longer ones the painted mouth fades. Looks ahead by the longest bridge and the fade, and a
/// frame more. Bridge and fade are told in frames at 25 per second and measured in time.
/// </summary>
/// <param name="longestBridge">The longest gap that is bridged, in frames at 25 per second; 0 for none.</param>
/// <param name="anchor">The point of the crop that moves in a straight line over a gap.</param>
/// <param name="clock">The clock of the frames' times.</param>
internal sealed class GapPlanner(int longestBridge, Point2D anchor, FrameClock clock)
{
    /// <summary>Frames at 25 per second over which the painted mouth appears and disappears: 0.12 s, about a blink.</summary>
    public const int FadeFrames = 3;

    // From the last frame that passes through to the first that shows all of the painted mouth.
    private const int FadeSteps = FadeFrames + 1;

    // A video may have any number of frames in a moment, and all that wait are held: 300 are a bridge of 25 and the fades at
    // 240 frames per second.
    private const int MostPending = 300;

    private readonly List<FacePlan> _plans = [];
    private readonly List<(FacePlan Plan, long Start)> _pending = [];

    // Leading frames of _pending whose fate is settled.
    private int _settled;

    // When the last frame of the shot was shown that passed through; null if none did.
    private long? _passed;
    private bool _shotStarts = true;

    /// <summary>What was decided, in the order of the frames.</summary>
    public IReadOnlyList<FacePlan> Plans => _plans;

    /// <summary>The person comes into a shot that has already started: the painted mouth fades in.</summary>
    /// <param name="before">When the last frame was shown that the person was not in, in ticks.</param>
    public void Enter(long before) => (_passed, _shotStarts) = (before, false);

    /// <summary>The next frame of the shot.</summary>
    /// <param name="fate">Whether its face was found; not <see cref="FrameFate.Bridged"/>.</param>
    /// <param name="alignment">Where, if it was.</param>
    /// <param name="start">When it is shown, in ticks.</param>
    public void Add(FrameFate fate, AffineTransform alignment, long start)
    {
        _pending.Add((new FacePlan(fate, _shotStarts, Weight: 1, alignment), start));
        _shotStarts = false;
        Settle(shotEnds: false);
        Emit(shotEnds: false);
    }

    /// <summary>The shot is over: what is pending is decided.</summary>
    public void EndShot()
    {
        Settle(shotEnds: true);
        Emit(shotEnds: true);
        (_passed, _shotStarts) = (null, true);
    }

    private void Settle(bool shotEnds)
    {
        while (_settled < _pending.Count)
        {
            var end = _pending.FindIndex(_settled, frame => frame.Plan.IsPainted);
            if (end == _settled)
            {
                _settled++;
            }
            else if (end >= 0 || shotEnds || IsTooLong(_settled, _pending.Count - 1))
            {
                end = end < 0 ? _pending.Count : end;
                Bridge(_settled, end);
                _settled = end;
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>Whether a gap is longer than may be bridged that begins at a frame and lasts at least to another.</summary>
    private bool IsTooLong(int start, int last) => start == 0 || longestBridge == 0 || last >= MostPending || Distance(start - 1, last) >= longestBridge + 1;

    /// <summary>Bridges the gap if a face is on both sides, it was missing and not turned away, and not for too long.</summary>
    private void Bridge(int start, int end)
    {
        if (
            end == _pending.Count
            || IsTooLong(start, end - 1)
            || Distance(start - 1, end) > longestBridge + 1
            || !_pending[start - 1].Plan.IsPainted
            || _pending[start..end].Exists(frame => frame.Plan.Fate == FrameFate.TurnedAway)
        )
        {
            return;
        }

        var (before, after) = (_pending[start - 1], _pending[end]);
        for (var i = start; i < end; i++)
        {
            var (plan, shown) = _pending[i];
            var share = (double)(shown - before.Start) / (after.Start - before.Start);
            _pending[i] = (
                plan with
                {
                    Fate = FrameFate.Bridged,
                    Alignment = AlignmentPath.At(before.Plan.Alignment, after.Plan.Alignment, share, anchor),
                },
                shown
            );
        }
    }

    /// <summary>Hands out frames of which the fade is known. The last settled one stays, as the near side of a gap.</summary>
    private void Emit(bool shotEnds)
    {
        var emitted = 0;
        while (emitted < _settled && (shotEnds || _settled - emitted > MostPending || Distance(emitted, _settled - 1) >= FadeSteps))
        {
            var (plan, start) = _pending[emitted];
            _passed = plan.IsPainted ? _passed : start;
            _plans.Add(plan with { Weight = plan.IsPainted ? Weight(emitted) : 0 });
            emitted++;
        }

        _pending.RemoveRange(0, emitted);
        _settled -= emitted;
    }

    /// <summary>By the nearest frame that passes through.</summary>
    private float Weight(int frame)
    {
        var distance = _passed is { } passed ? clock.ModelFrames(_pending[frame].Start - passed) : FadeSteps;
        for (var next = frame + 1; next < _settled && Distance(frame, next) < FadeSteps; next++)
        {
            if (!_pending[next].Plan.IsPainted)
            {
                distance = Math.Min(distance, Distance(frame, next));
                break;
            }
        }

        return (float)(Math.Min(distance, FadeSteps) / FadeSteps);
    }

    private double Distance(int from, int to) => clock.ModelFrames(_pending[to].Start - _pending[from].Start);
}
