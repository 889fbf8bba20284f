namespace LatentSync.Faces.Ahead;

/// <summary>What a landmarker was asked about a frame, and so will probably be asked about the next ones.</summary>
/// <param name="Asked">Where it looked closely.</param>
/// <param name="PassedOver">Where faces are at which it did not look: in a shot with a chosen person, those of the others.</param>
/// <param name="More">Whether a face was missing among those of the first detector, and the other one was asked.</param>
internal sealed record FaceQuestions(IReadOnlyList<FaceBox> Asked, IReadOnlyList<FaceBox> PassedOver, bool More)
{
    /// <summary>Before the first frame.</summary>
    public static FaceQuestions Unknown { get; } = new([], [], More: false);

    /// <summary>Whether a face is probably looked at closely: every one that is not where another was passed over.</summary>
    public bool Expect(FaceBox face) => !PassedOver.Any(face.IsOfSameFace) || Asked.Any(face.IsOfSameFace);
}
