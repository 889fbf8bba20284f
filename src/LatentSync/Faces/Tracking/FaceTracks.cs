namespace LatentSync.Faces.Tracking;

/// <summary>
/// All people of one shot. Every box goes to the track it continues best, so that the face of another person is known to
/// be another's and is not taken for the one that is missing.
/// </summary>
/// <param name="framesPerModelFrame">Frames of the video in 1/25 s; 1 at least.</param>
internal sealed class FaceTracks(double framesPerModelFrame = 1)
{
    // After so long, at 25 frames per second, a face that comes back is a new one, unless it is the chosen one's.
    private const int LongestAbsence = 25;

    private readonly List<FaceTrack> _tracks = [];
    private readonly List<(double Affinity, FaceTrack Track, int Box)> _pairs = [];
    private int _nextId;

    /// <summary>A track by its number; null if it has ended.</summary>
    public FaceTrack? Find(int id) => _tracks.Find(track => track.Id == id);

    /// <summary>Assigns the boxes of the next frame.</summary>
    /// <param name="boxes">The faces of the frame.</param>
    /// <param name="kept">A track that does not end however long it is missing; null for none.</param>
    /// <returns>For each box the number of its track.</returns>
    public int[] Assign(IReadOnlyList<FaceBox> boxes, int? kept)
    {
        var ids = new int[boxes.Count];
        Array.Fill(ids, -1);
        Pair(boxes);
        var waiting = new HashSet<FaceTrack>(_tracks);
        foreach (var (_, track, box) in _pairs)
        {
            if (ids[box] < 0 && waiting.Remove(track))
            {
                ids[box] = track.Id;
                track.See(boxes[box]);
            }
        }

        foreach (var track in waiting)
        {
            track.Miss();
        }

        _tracks.RemoveAll(track => track.Missed > LongestAbsence * framesPerModelFrame && track.Id != kept);
        for (var i = 0; i < ids.Length; i++)
        {
            if (ids[i] < 0)
            {
                ids[i] = _nextId++;
                _tracks.Add(new FaceTrack(ids[i], boxes[i], framesPerModelFrame));
            }
        }

        return ids;
    }

    /// <summary>Forgets everybody, as at a cut.</summary>
    public void Clear() => _tracks.Clear();

    private void Pair(IReadOnlyList<FaceBox> boxes)
    {
        _pairs.Clear();
        foreach (var track in _tracks)
        {
            for (var box = 0; box < boxes.Count; box++)
            {
                if (track.Affinity(boxes[box]) is var affinity and > 0)
                {
                    _pairs.Add((affinity, track, box));
                }
            }
        }

        _pairs.Sort(static (a, b) => b.Affinity.CompareTo(a.Affinity));
    }
}
