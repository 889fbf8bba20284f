using System.Diagnostics.CodeAnalysis;
using LatentSync.Imaging;

namespace LatentSync.Faces.Tracking;

/// <summary>
/// Finds the chosen people in the frames of a shot. The first frames wait until the choice is made; then only the chosen
/// faces are looked at closely, and where everybody is chosen those of newcomers.
/// </summary>
/// <param name="landmarker">Finds the faces; another's to dispose.</param>
/// <param name="choice">Whom to follow.</param>
/// <param name="framesPerModelFrame">Frames of the video in 1/25 s; 1 at least.</param>
/// <param name="likeness">Compares faces with the one of the picture, if the choice has one.</param>
/// <param name="found">Told of the faces where people are chosen; null for nobody.</param>
internal sealed class FaceFollower(
    IFaceLandmarker landmarker,
    FaceChoice choice,
    double framesPerModelFrame = 1,
    FaceLikeness? likeness = null,
    Action<LipSyncFaces>? found = null
)
{
    /// <summary>Frames with a face over which the person is chosen: enough for one bad detection not to matter.</summary>
    public const int OpeningFrames = 5;

    /// <summary>In so many of them a face has to be seen: what is seen once or twice is a pattern that looks like one.</summary>
    public const int SeenFrames = 3;

    private readonly FaceTracks _tracks = new(framesPerModelFrame);
    private readonly Queue<List<Sighting>> _opening = new(OpeningFrames);
    private readonly Queue<IReadOnlyList<FollowedFace>> _settled = [];

    // The people of the shot in the last frame; empty until the choice is made.
    private readonly List<FollowedFace> _people = [];

    // In how many frames a face was seen of those who are not followed, by their tracks.
    private readonly Dictionary<int, int> _newcomers = [];
    private int _observed;

    // Whether it was told of this shot that those who are wanted are not there.
    private bool _isMissingTold;

    /// <summary>Looks at the next frame.</summary>
    public void Observe(RgbImage frame)
    {
        _observed++;
        var boxes = landmarker.Detect(frame, [.. _people.Select(person => Track(person)?.Predicted).OfType<FaceBox>()]);
        var ids = _tracks.Assign(boxes, kept: choice.IsAll || _people.Count == 0 ? null : _people[0].Track);
        if (_people.Count > 0)
        {
            for (var i = 0; i < _people.Count; i++)
            {
                _people[i] = Follow(frame, boxes, ids, _people[i]);
            }

            if (choice.IsAll)
            {
                Welcome(frame, ids);
            }

            _settled.Enqueue([.. _people]);
            return;
        }

        _opening.Enqueue(FitAll(frame, ids));
        while (_opening.TryPeek(out var faces) && faces.Count == 0)
        {
            _settled.Enqueue([]);
            _opening.Dequeue();
        }

        if (_opening.Count == OpeningFrames)
        {
            Choose(SeenFrames);
        }
    }

    /// <summary>
    /// The chosen people in the next frame for which that is known. Within a shot a person keeps the place in the list; a
    /// place whose person has gone is given to the next who comes.
    /// </summary>
    /// <returns>False if there is no such frame yet.</returns>
    public bool TryTake([NotNullWhen(true)] out IReadOnlyList<FollowedFace>? people) => _settled.TryDequeue(out people);

    /// <summary>The shot is over: what waits is settled, and the next frame begins another.</summary>
    /// <param name="seenFrames">Frames in which a person has to be seen; fewer only where the whole video has fewer.</param>
    public void EndShot(int seenFrames = SeenFrames)
    {
        while (_opening.Count > 0)
        {
            Choose(seenFrames);
        }

        _people.Clear();
        _newcomers.Clear();
        _isMissingTold = false;
        _tracks.Clear();
        landmarker.Reset();
    }

    private FaceTrack? Track(FollowedFace person) => person.Track is { } id ? _tracks.Find(id) : null;

    private FollowedFace Follow(RgbImage frame, IReadOnlyList<FaceBox> boxes, int[] ids, FollowedFace person)
    {
        if (Track(person) is not { } track)
        {
            return default;
        }

        var index = Array.IndexOf(ids, track.Id);
        // A face that was missing in the frame before is looked at as closely as one that was never seen.
        if (index >= 0 && (person.Face is null ? landmarker.FitNew(frame, index) : landmarker.Fit(frame, index)) is { } face)
        {
            return new FollowedFace(track.Id, face);
        }

        if (index >= 0)
        {
            track.Reject();
        }

        if (person.Face is null || landmarker.FindNear(frame, person.Face) is not { } near)
        {
            return new FollowedFace(track.Id, Face: null);
        }

        // A face that the mesh finds where another person was detected is that person's.
        for (var i = 0; i < boxes.Count; i++)
        {
            if (i != index && boxes[i].IsOfSameFace(near.Box))
            {
                return new FollowedFace(track.Id, Face: null);
            }
        }

        return new FollowedFace(track.Id, near);
    }

    /// <summary>Follows those too who were seen for as long as an opening takes.</summary>
    private void Welcome(RgbImage frame, int[] ids)
    {
        for (var i = 0; i < ids.Length; i++)
        {
            if (_people.Exists(person => person.Track == ids[i]) || landmarker.FitNew(frame, i) is not { } face)
            {
                continue;
            }

            var seen = _newcomers[ids[i]] = _newcomers.GetValueOrDefault(ids[i]) + 1;
            if (seen >= OpeningFrames)
            {
                Join(new FollowedFace(ids[i], face));
            }
        }
    }

    private void Join(FollowedFace person)
    {
        var place = _people.FindIndex(other => other.Track is null);
        if (place >= 0)
        {
            _people[place] = person;
        }
        else if (_people.Count < IFaceLandmarker.MaximumFaces)
        {
            _people.Add(person);
        }
    }

    /// <summary>Tells of the first frame of the opening with a chosen face; of the first of all, once, if there is none.</summary>
    private void Tell(IReadOnlyList<int> chosen)
    {
        if (found is null || (chosen.Count == 0 && _isMissingTold))
        {
            return;
        }

        _isMissingTold = chosen.Count == 0;
        var index = _opening
            .Index()
            .Where(frame => frame.Item.Exists(sighting => chosen.Contains(sighting.Track)))
            .Select(frame => frame.Index)
            .FirstOrDefault();
        var faces = _opening.ElementAt(index);
        found(
            new LipSyncFaces(
                _observed - _opening.Count + index,
                faces.ConvertAll(sighting => new LipSyncFace(
                    sighting.Face.Box.Left,
                    sighting.Face.Box.Top,
                    sighting.Face.Box.Right,
                    sighting.Face.Box.Bottom,
                    chosen.Contains(sighting.Track)
                ))
            )
        );
    }

    private List<Sighting> FitAll(RgbImage frame, int[] ids)
    {
        var sightings = new List<Sighting>(ids.Length);
        for (var i = 0; i < ids.Length; i++)
        {
            if (landmarker.FitNew(frame, i) is { } face)
            {
                sightings.Add(new Sighting(ids[i], face, likeness?.To(frame, face) ?? 0));
            }
        }

        return sightings;
    }

    /// <summary>Settles the opening, or, where the wanted person is not there, its first frame.</summary>
    private void Choose(int seenFrames)
    {
        var chosen = PersonSelector.Choose(choice, _opening, seenFrames);
        Tell(chosen);
        IReadOnlyList<FollowedFace> people;
        do
        {
            var faces = _opening.Dequeue();
            people = [.. chosen.Select(id => new FollowedFace(id, faces.Find(sighting => sighting.Track == id).Face))];
            _settled.Enqueue(people);
        } while (chosen.Count > 0 && _opening.Count > 0);

        _people.AddRange(people);
    }
}
