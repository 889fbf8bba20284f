using LatentSync.Imaging;

namespace LatentSync.Faces.Ahead;

/// <summary>
/// What the networks of a landmarker say of single frames. Nothing depends on frames before: the same frame gets the same
/// answers, bit for bit, from every instance and in every order. Keeps buffers: one thread at a time.
/// </summary>
/// <typeparam name="TFace">A face that was detected.</typeparam>
/// <typeparam name="TFit">What a closer look tells of it.</typeparam>
internal interface IFaceNetworks<TFace, TFit> : IDisposable
    where TFace : struct, ISeenFace
{
    /// <summary>The faces, best first. The list is valid until the next call.</summary>
    /// <exception cref="LipSyncException">InferenceFailed: a network could not run.</exception>
    IReadOnlyList<TFace> Detect(RgbImage frame);

    /// <summary>What another detector sees, which is asked where the first one sees too little; empty where there is none.</summary>
    /// <exception cref="LipSyncException">InferenceFailed: a network could not run.</exception>
    IReadOnlyList<TFace> DetectMore(RgbImage frame);

    /// <summary>Adds the detected faces that are worth a closer look, at most <see cref="IFaceLandmarker.MaximumFaces"/> in all.</summary>
    /// <param name="seen">From <see cref="Detect"/> or <see cref="DetectMore"/>.</param>
    /// <param name="faces">Those of the frame so far.</param>
    void Collect(IReadOnlyList<TFace> seen, List<TFace> faces);

    /// <summary>A closer look at a detected face. The result shares nothing with later ones.</summary>
    /// <exception cref="LipSyncException">InferenceFailed: a network could not run.</exception>
    TFit Fit(RgbImage frame, TFace face);
}
