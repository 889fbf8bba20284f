namespace LatentSync.Faces.Ahead;

/// <summary>A face as a detector sees it.</summary>
internal interface ISeenFace
{
    /// <summary>Where it is, in pixels of the frame.</summary>
    FaceBox Box { get; }
}
