using LatentSync.Faces.Cuts;
using LatentSync.Imaging;
using LatentSync.Timeline;

namespace LatentSync.Faces.Tracking;

/// <summary>Follows the chosen people through a video: shots, choice, alignment, gaps.</summary>
/// <param name="landmarker">Finds the faces; another's to dispose.</param>
/// <param name="resolution">The side of the model's square input.</param>
/// <param name="choice">Whom to follow.</param>
/// <param name="longestBridge">The longest gap that is bridged, in frames at 25 per second.</param>
/// <param name="clock">The clock of the frames' times.</param>
/// <param name="pixelAspect">
/// Width over height of a pixel. Faces are aligned as they are shown, so that the model sees no squeezed ones.
/// </param>
/// <param name="likeness">Compares faces with the one of a picture, if the choice has one.</param>
/// <param name="found">Told of the faces where people are chosen; null for nobody.</param>
internal sealed class FaceTimeline(
    IFaceLandmarker landmarker,
    int resolution,
    FaceChoice choice,
    int longestBridge,
    FrameClock clock,
    double pixelAspect = 1,
    FaceLikeness? likeness = null,
    Action<LipSyncFaces>? found = null
) : IFaceTimeline
{
    private readonly AffineTransform _toSquarePixels = AffineTransform.ToSquarePixels(pixelAspect);
    private readonly SceneCutDetector _cutDetector = new(clock.FramesPerModelFrame);
    private readonly FaceFollower _follower = new(landmarker, choice, clock.FramesPerModelFrame, likeness, found);

    // One for each place among the followed people. The first is there from the first frame on.
    private readonly List<PersonTimeline> _people = [];

    // Of the frames that the follower has seen and not settled.
    private readonly Queue<long> _starts = [];

    // When the frame before was shown; null if that was in another shot.
    private long? _before;
    private int _added;

    /// <inheritdoc/>
    public int Planned => _people.Count == 0 ? 0 : _people.Min(person => person.Planned);

    /// <inheritdoc/>
    public int Cuts { get; private set; }

    /// <inheritdoc/>
    public FramePlan this[int frame]
    {
        get
        {
            var faces = _people.Where(person => person.First <= frame).Select(person => person[frame]).ToArray();
            return new FramePlan(faces[0].StartsShot, faces);
        }
    }

    /// <inheritdoc/>
    public void Add(RgbImage frame, long start)
    {
        var isCut = _cutDetector.IsCut(frame);
        Cuts += isCut ? 1 : 0;
        if (isCut || (choice.Point is not null && choice.Frame == _added))
        {
            EndShot(FaceFollower.SeenFrames);
        }

        _follower.Observe(frame);
        _starts.Enqueue(start);
        _added++;
        Plan();
    }

    /// <inheritdoc/>
    public void End() => EndShot(Math.Min(FaceFollower.SeenFrames, _added));

    private void EndShot(int seenFrames)
    {
        _follower.EndShot(seenFrames);
        Plan();
        _people.ForEach(person => person.EndShot());
        _before = null;
    }

    private void Plan()
    {
        while (_follower.TryTake(out var faces))
        {
            var frame = _added - _starts.Count;
            var start = _starts.Dequeue();
            while (_people.Count < Math.Max(faces.Count, 1))
            {
                _people.Add(Newcomer(frame));
            }

            for (var i = 0; i < _people.Count; i++)
            {
                _people[i].Add(i < faces.Count ? faces[i] : default, start);
            }

            _before = start;
        }
    }

    private PersonTimeline Newcomer(int frame)
    {
        var person = new PersonTimeline(resolution, longestBridge, clock, _toSquarePixels, frame);
        if (_before is { } before)
        {
            person.Enter(before);
        }

        return person;
    }
}
