using LatentSync.Imaging;

namespace LatentSync.Faces.Tracking;

/// <summary>Follows one person through a video: shots, choice of the person, alignment, gaps.</summary>
/// <param name="landmarker">Finds the faces; another's to dispose.</param>
/// <param name="resolution">The side of the model's square input.</param>
/// <param name="choice">Whom to follow.</param>
/// <param name="longestBridge">The longest gap that is bridged, in frames at 25 per second.</param>
/// <param name="clock">The clock of the frames' times.</param>
internal sealed class FaceTimeline(IFaceLandmarker landmarker, int resolution, FaceChoice choice, int longestBridge, FrameClock clock) : IFaceTimeline
{
    private readonly SceneCutDetector _cutDetector = new(clock.FramesPerModelFrame);
    private readonly FaceFollower _follower = new(landmarker, choice, clock.FramesPerModelFrame);
    private readonly FaceAligner _aligner = new(resolution);
    private readonly GapPlanner _planner = new(longestBridge, Centre(resolution), clock);

    // Of the frames that the follower has seen and not settled.
    private readonly Queue<long> _starts = [];
    private bool _isTurned;
    private int _added;

    /// <inheritdoc/>
    public int Planned => _planner.Plans.Count;

    /// <inheritdoc/>
    public int Cuts { get; private set; }

    /// <inheritdoc/>
    public FramePlan this[int frame] => _planner.Plans[frame];

    /// <inheritdoc/>
    public void Add(RgbImage frame, long start)
    {
        var isCut = _cutDetector.IsCut(frame);
        Cuts += isCut ? 1 : 0;
        if (isCut || (choice.Point is not null && choice.Frame == _added))
        {
            End();
        }

        _follower.Observe(frame);
        _starts.Enqueue(start);
        _added++;
        Plan();
    }

    /// <inheritdoc/>
    public void End()
    {
        _follower.EndShot();
        Plan();
        _planner.EndShot();
        _aligner.Reset();
        _isTurned = false;
    }

    private void Plan()
    {
        while (_follower.TryTake(out var face))
        {
            var start = _starts.Dequeue();
            _isTurned = face is not null && Math.Abs(face.Turn) > (_isTurned ? FaceTurn.Back : FaceTurn.Away);
            if (_isTurned)
            {
                _planner.Add(FrameFate.TurnedAway, AffineTransform.Identity, start);
            }
            else if (face is not null && _aligner.TryAlign(face.LeftBrow, face.RightBrow, face.Nose) is { } alignment)
            {
                _planner.Add(FrameFate.Synced, alignment, start);
            }
            else
            {
                _planner.Add(FrameFate.NoFace, AffineTransform.Identity, start);
            }
        }
    }

    private static Point2D Centre(int resolution)
    {
        var crop = CropSize.ForResolution(resolution);
        return new Point2D(crop.Width / 2.0, crop.Height / 2.0);
    }
}
