using System.Collections.Concurrent;
using LatentSync.Imaging;

namespace LatentSync.Faces.Ahead;

/// <summary>
/// The networks of a landmarker, whose answers are there already where a scout has looked at the frame. What scouts have not
/// seen is computed when it is asked for; so what they look at changes the time, and never an answer.
/// </summary>
/// <param name="networks">Computes what was not seen; another's to dispose.</param>
/// <param name="load">Loads the same networks again, for a scout.</param>
internal sealed class SightsAhead<TFace, TFit>(IFaceNetworks<TFace, TFit> networks, Func<IFaceNetworks<TFace, TFit>> load)
    where TFace : struct, ISeenFace
{
    // By the image itself, which is the frame's alone from the scout's look to the landmarker's.
    private readonly ConcurrentDictionary<RgbImage, FaceSight<TFace, TFit>> _ahead = new(ReferenceEqualityComparer.Instance);
    private readonly List<TFace> _offered = [];
    private readonly HashSet<TFace> _asked = [];
    private FaceSight<TFace, TFit>? _sight;
    private bool _asksMore;
    private volatile FaceQuestions _questions = FaceQuestions.Unknown;

    /// <summary>What was asked about the last frame that was dealt with. Read by scouts.</summary>
    public FaceQuestions Questions => _questions;

    /// <summary>A scout of these networks.</summary>
    public IFaceScout CreateScout() => new FaceScout<TFace, TFit>(this, load);

    /// <summary>Keeps what a scout has seen until the frame is dealt with.</summary>
    public void Keep(RgbImage frame, FaceSight<TFace, TFit> sight) => _ahead[frame] = sight;

    /// <summary>The faces of the next frame, best first. The list is valid until the next call.</summary>
    /// <exception cref="LipSyncException">InferenceFailed: a network could not run.</exception>
    public IReadOnlyList<TFace> Detect(RgbImage frame)
    {
        EndFrame();
        _sight = _ahead.TryRemove(frame, out var sight) ? sight : null;
        return Offer(_sight?.Faces ?? networks.Detect(frame));
    }

    /// <summary>What the other detector sees in the same frame.</summary>
    /// <exception cref="LipSyncException">InferenceFailed: a network could not run.</exception>
    public IReadOnlyList<TFace> DetectMore(RgbImage frame)
    {
        _asksMore |= _offered.Count > 0;
        return Offer(_sight?.More ?? networks.DetectMore(frame));
    }

    /// <summary>A closer look at a face of the same frame.</summary>
    /// <exception cref="LipSyncException">InferenceFailed: a network could not run.</exception>
    public TFit Fit(RgbImage frame, TFace face)
    {
        _asked.Add(face);
        return _sight is not null && _sight.Fits.TryGetValue(face, out var fit) ? fit : networks.Fit(frame, face);
    }

    private IReadOnlyList<TFace> Offer(IReadOnlyList<TFace> seen)
    {
        networks.Collect(seen, _offered);
        return seen;
    }

    private void EndFrame()
    {
        _questions = new FaceQuestions(
            [.. _asked.Select(face => face.Box)],
            [.. _offered.Where(face => !_asked.Contains(face)).Select(face => face.Box)],
            _asksMore
        );
        _offered.Clear();
        _asked.Clear();
        _asksMore = false;
    }
}
