using LatentSync.Imaging;

namespace LatentSync.Faces.Ahead;

/// <summary>Looks at frames with networks of its own, at what the landmarker will probably be asked.</summary>
/// <param name="sights">Where it leaves what it sees.</param>
/// <param name="load">Loads the networks. The first look does, so that the networks of several scouts load at once.</param>
internal sealed class FaceScout<TFace, TFit>(SightsAhead<TFace, TFit> sights, Func<IFaceNetworks<TFace, TFit>> load) : IFaceScout
    where TFace : struct, ISeenFace
{
    private readonly List<TFace> _faces = [];
    private IFaceNetworks<TFace, TFit>? _networks;

    /// <inheritdoc/>
    public void Look(RgbImage frame)
    {
        var (networks, questions) = (_networks ??= load(), sights.Questions);
        TFace[] seen = [.. networks.Detect(frame)];
        TFace[]? more = seen.Length == 0 || questions.More ? [.. networks.DetectMore(frame)] : null;
        _faces.Clear();
        networks.Collect(seen, _faces);
        networks.Collect(more ?? [], _faces);
        var fits = _faces.Where(face => questions.Expect(face.Box)).Distinct().ToDictionary(face => face, face => networks.Fit(frame, face));
        sights.Keep(frame, new FaceSight<TFace, TFit>(seen, more, fits));
    }

    /// <inheritdoc/>
    public void Dispose() => _networks?.Dispose();
}
