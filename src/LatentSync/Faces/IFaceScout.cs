using LatentSync.Imaging;

namespace LatentSync.Faces;

/// <summary>
/// Looks at frames before the landmarker that it belongs to does, which then need not compute what the scout has seen. One
/// thread at a time; several scouts of a landmarker may look at different frames at once, and while the landmarker works.
/// </summary>
internal interface IFaceScout : IDisposable
{
    /// <summary>Looks at a frame that the landmarker will be asked about, which until then must not change.</summary>
    /// <exception cref="LipSyncException">InvalidModel: the first call loads the networks; InferenceFailed: a network could not run.</exception>
    void Look(RgbImage frame);
}
