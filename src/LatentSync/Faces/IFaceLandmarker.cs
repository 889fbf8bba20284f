using LatentSync.Imaging;

namespace LatentSync.Faces;

/// <summary>Finds the face to sync in the frames of one video, in order. Keeps buffers and state: one thread at a time.</summary>
internal interface IFaceLandmarker : IDisposable
{
    /// <summary>The face of this frame; null if there is none that can be used.</summary>
    /// <exception cref="LipSyncException">InferenceFailed: a network could not run.</exception>
    FaceLandmarks? Find(RgbImage frame);

    /// <summary>Forgets the frames before: call at a scene cut and before another video.</summary>
    void Reset();
}
