using LatentSync.Imaging;

namespace LatentSync.Faces;

/// <summary>Finds the face to sync in the frames of one video, in order. Keeps buffers and state: one thread at a time.</summary>
internal interface IFaceLandmarker : IDisposable
{
    /// <summary>A crowd is not worth more time than this takes.</summary>
    const int MaximumFaces = 8;

    /// <summary>Faces that were seen and are smaller than <see cref="FaceSizeFilter"/> accepts, in all frames so far.</summary>
    int SmallFaces { get; }

    /// <summary>Whether the faces of most frames in which none could be used are not upright, as in a picture that is turned.</summary>
    bool SeesTurnedFaces { get; }

    /// <summary>Something that looks at frames ahead of this landmarker; to be disposed before it.</summary>
    IFaceScout CreateScout();

    /// <summary>The face of this frame; null if there is none that can be used.</summary>
    /// <exception cref="LipSyncException">InferenceFailed: a network could not run.</exception>
    FaceLandmarks? Find(RgbImage frame);

    /// <summary>Where faces seem to be: the boxes, best first, at most <see cref="MaximumFaces"/>. Cheap beside <see cref="Fit"/>.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="expected">Where faces should be; they are looked for more thoroughly.</param>
    /// <exception cref="LipSyncException">InferenceFailed: a network could not run.</exception>
    IReadOnlyList<FaceBox> Detect(RgbImage frame, params ReadOnlySpan<FaceBox> expected);

    /// <summary>The landmarks of a face of the last <see cref="Detect"/>; null if it is none after all, or cannot be used.</summary>
    /// <param name="frame">The same frame.</param>
    /// <param name="face">Index of its box.</param>
    /// <exception cref="LipSyncException">InferenceFailed: a network could not run.</exception>
    FaceLandmarks? Fit(RgbImage frame, int face);

    /// <summary>
    /// The same for a face that is not known from the frames before: null also if it may be none, a pattern that looks like
    /// one or a face that is not upright.
    /// </summary>
    /// <param name="frame">The same frame.</param>
    /// <param name="face">Index of its box.</param>
    /// <exception cref="LipSyncException">InferenceFailed: a network could not run.</exception>
    FaceLandmarks? FitNew(RgbImage frame, int face);

    /// <summary>Looks for a face that was not detected where it was a frame ago; null if it is not there.</summary>
    /// <exception cref="LipSyncException">InferenceFailed: a network could not run.</exception>
    FaceLandmarks? FindNear(RgbImage frame, FaceLandmarks previous);

    /// <summary>Forgets the frames before: call at a scene cut and before another video.</summary>
    void Reset();
}
