using LatentSync.Imaging;

namespace LatentSync.Faces.Tracking;

/// <summary>One person in one shot, as the boxes that the detector finds.</summary>
internal sealed class FaceTrack(int id, FaceBox box, double framesPerModelFrame = 1)
{
    // Overlap of two boxes that are surely of one face.
    private const double SureOverlap = 0.2;

    // A head does not come this much nearer between two frames.
    private const double LargestGrowth = 2.5;

    // A face seen again may be this far from its place, in sides of its box: at once, and more for each 1/25 s it was missing.
    private const double Reach = 0.5;
    private const double ReachPerMissedFrame = 0.1;

    // How long a face is expected to keep moving as it did last, in frames at 25 per second.
    private const int LongestExtrapolation = 5;
    private const double NewVelocityShare = 0.5;

    private State _state = new(box, default, Missed: 0);
    private State _before = new(box, default, Missed: 0);

    /// <summary>Unique within the shot.</summary>
    public int Id => id;

    /// <summary>Frames since it was last seen.</summary>
    public int Missed => _state.Missed;

    /// <summary>Where the face should be in the next frame.</summary>
    public FaceBox Predicted
    {
        get
        {
            var frames = Math.Min(_state.Missed + 1, LongestExtrapolation * framesPerModelFrame);
            return _state.Box.Move(_state.Velocity.X * frames, _state.Velocity.Y * frames);
        }
    }

    /// <summary>How well a box of the next frame continues the track, 0 (not at all) to 1.</summary>
    public double Affinity(FaceBox candidate)
    {
        var predicted = Predicted;
        var growth = candidate.Area / Math.Max(predicted.Area, 1);
        if (growth is not (> 1 / LargestGrowth and < LargestGrowth))
        {
            return 0;
        }

        var overlap = predicted.Overlap(candidate);
        var reach = Math.Sqrt(predicted.Area) * (Reach + (ReachPerMissedFrame * _state.Missed / framesPerModelFrame));
        return overlap >= SureOverlap ? overlap : Math.Max(0, SureOverlap * (1 - (predicted.Center.DistanceTo(candidate.Center) / reach)));
    }

    /// <summary>The face was seen here.</summary>
    public void See(FaceBox seen)
    {
        _before = _state;
        var frames = _state.Missed + 1;
        var (from, to) = (_state.Box.Center, seen.Center);
        _state = new State(seen, new Point2D(Mix(_state.Velocity.X, (to.X - from.X) / frames), Mix(_state.Velocity.Y, (to.Y - from.Y) / frames)), Missed: 0);
    }

    /// <summary>The face was not seen in this frame.</summary>
    public void Miss()
    {
        _before = _state;
        _state = _state with { Missed = _state.Missed + 1 };
    }

    /// <summary>What was last seen is no face: as if it had been missed.</summary>
    public void Reject() => _state = _before with { Missed = _before.Missed + 1 };

    private static double Mix(double known, double measured) => known + (NewVelocityShare * (measured - known));

    private readonly record struct State(FaceBox Box, Point2D Velocity, int Missed);
}
