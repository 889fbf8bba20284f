using LatentSync.Imaging;

namespace LatentSync.Faces.Tracking;

/// <summary>
/// Finds the chosen person in the frames of a shot. The first frames wait until the choice is made; then only the chosen
/// face is looked at closely.
/// </summary>
/// <param name="landmarker">Finds the faces; another's to dispose.</param>
/// <param name="choice">Whom to follow.</param>
/// <param name="framesPerModelFrame">Frames of the video in 1/25 s; 1 at least.</param>
internal sealed class FaceFollower(IFaceLandmarker landmarker, FaceChoice choice, double framesPerModelFrame = 1)
{
    /// <summary>Frames with a face over which the person is chosen: enough for one bad detection not to matter.</summary>
    public const int OpeningFrames = 5;

    private readonly FaceTracks _tracks = new(framesPerModelFrame);
    private readonly Queue<List<Sighting>> _opening = new(OpeningFrames);
    private readonly Queue<FaceLandmarks?> _settled = [];
    private FaceLandmarks? _last;
    private int? _chosen;

    /// <summary>Looks at the next frame.</summary>
    public void Observe(RgbImage frame)
    {
        var boxes = landmarker.Detect(frame, _chosen is { } id ? _tracks.Find(id)?.Predicted : null);
        var ids = _tracks.Assign(boxes, _chosen);
        if (_chosen is { } chosen)
        {
            _last = Follow(frame, boxes, ids, chosen);
            _settled.Enqueue(_last);
            return;
        }

        _opening.Enqueue(FitAll(frame, ids));
        while (_opening.TryPeek(out var faces) && faces.Count == 0)
        {
            _settled.Enqueue(null);
            _opening.Dequeue();
        }

        if (_opening.Count == OpeningFrames)
        {
            Choose();
        }
    }

    /// <summary>The chosen person's face in the next frame for which that is known; null where it is missing.</summary>
    /// <returns>False if there is no such frame yet.</returns>
    public bool TryTake(out FaceLandmarks? face) => _settled.TryDequeue(out face);

    /// <summary>The shot is over: what waits is settled, and the next frame begins another.</summary>
    public void EndShot()
    {
        while (_opening.Count > 0)
        {
            Choose();
        }

        (_chosen, _last) = (null, null);
        _tracks.Clear();
        landmarker.Reset();
    }

    private FaceLandmarks? Follow(RgbImage frame, IReadOnlyList<FaceBox> boxes, int[] ids, int chosen)
    {
        var track = _tracks.Find(chosen) ?? throw new InvalidOperationException("The chosen track has ended.");
        var index = Array.IndexOf(ids, chosen);
        if (index >= 0 && landmarker.Fit(frame, index) is { } face)
        {
            return face;
        }

        if (index >= 0)
        {
            track.Reject();
        }

        if (_last is null || landmarker.FindNear(frame, _last) is not { } near)
        {
            return null;
        }

        // A face that the mesh finds where another person was detected is that person's.
        for (var i = 0; i < boxes.Count; i++)
        {
            if (i != index && boxes[i].IsOfSameFace(near.Box))
            {
                return null;
            }
        }

        return near;
    }

    private List<Sighting> FitAll(RgbImage frame, int[] ids)
    {
        var sightings = new List<Sighting>(ids.Length);
        for (var i = 0; i < ids.Length; i++)
        {
            if (landmarker.Fit(frame, i) is { } face)
            {
                sightings.Add(new Sighting(ids[i], face));
            }
        }

        return sightings;
    }

    /// <summary>Settles the opening, or, where the wanted person is not there, its first frame.</summary>
    private void Choose()
    {
        _chosen = PersonSelector.Choose(choice, _opening);
        do
        {
            var faces = _opening.Dequeue();
            var index = _chosen is { } id ? faces.FindIndex(sighting => sighting.Track == id) : -1;
            _last = index >= 0 ? faces[index].Face : null;
            _settled.Enqueue(_last);
        }
        while (_chosen is not null && _opening.Count > 0);
    }
}
