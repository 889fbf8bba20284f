using LatentSync.Imaging;
using LatentSync.Timeline;

namespace LatentSync.Faces.Tracking;

/// <summary>What is done to the face of one person, frame by frame: alignment, turning away, gaps.</summary>
/// <param name="resolution">The side of the model's square input.</param>
/// <param name="longestBridge">The longest gap that is bridged, in frames at 25 per second.</param>
/// <param name="clock">The clock of the frames' times.</param>
/// <param name="toSquarePixels">From pixels of the frame to the frame as it is shown.</param>
/// <param name="first">The first frame of the video that this tells of.</param>
internal sealed class PersonTimeline(int resolution, int longestBridge, FrameClock clock, AffineTransform toSquarePixels, int first)
{
    private readonly FaceAligner _aligner = new(resolution);
    private readonly GapPlanner _planner = new(longestBridge, Centre(resolution), clock);
    private int? _track;
    private bool _isTurned;

    /// <summary>The first frame of the video that this tells of.</summary>
    public int First => first;

    /// <summary>Frames of the video, from its first on, whose plan is known.</summary>
    public int Planned => first + _planner.Plans.Count;

    /// <summary>The plan of a frame from <see cref="First"/> up to <see cref="Planned"/>; the alignment is that of the frame's pixels.</summary>
    public FacePlan this[int frame] =>
        _planner.Plans[frame - first] is var plan && plan.IsPainted && toSquarePixels != AffineTransform.Identity
            ? plan with
            {
                Alignment = toSquarePixels.Then(plan.Alignment),
            }
            : plan;

    /// <inheritdoc cref="GapPlanner.Enter"/>
    public void Enter(long before) => _planner.Enter(before);

    /// <summary>The next frame.</summary>
    /// <param name="person">The person in it.</param>
    /// <param name="start">When the frame is shown, in ticks.</param>
    public void Add(FollowedFace person, long start)
    {
        if (person.Track != _track)
        {
            Begin(person.Track);
        }

        var face = person.Face;
        _isTurned = face is not null && Math.Abs(face.Turn) > (_isTurned ? FaceTurn.Back : FaceTurn.Away);
        if (_isTurned)
        {
            _planner.Add(FrameFate.TurnedAway, AffineTransform.Identity, start);
        }
        else if (face is not null && _aligner.TryAlign(face, toSquarePixels) is { } alignment)
        {
            _planner.Add(FrameFate.Synced, alignment, start);
        }
        else
        {
            _planner.Add(FrameFate.NoFace, AffineTransform.Identity, start);
        }
    }

    /// <summary>The shot is over: what is pending is decided.</summary>
    public void EndShot()
    {
        _planner.EndShot();
        Begin(track: null);
    }

    private void Begin(int? track)
    {
        (_track, _isTurned) = (track, false);
        _aligner.Reset();
    }

    private static Point2D Centre(int resolution)
    {
        var crop = CropSize.ForResolution(resolution);
        return new Point2D(crop.Width / 2.0, crop.Height / 2.0);
    }
}
