using LatentSync.Faces;
using LatentSync.Faces.InsightFace;
using LatentSync.Faces.MediaPipe;

namespace LatentSync.Pipeline.Stages;

/// <summary>Makes the landmarker of a job: the built-in networks, or the user's InsightFace pair.</summary>
internal sealed class FaceFinder(string? insightFaceFolder)
{
    /// <summary>A landmarker for one video.</summary>
    /// <param name="parity">Whole-pixel landmarks, and colours in the order the public implementation feeds them.</param>
    public IFaceLandmarker Create(bool parity) =>
        insightFaceFolder is null
            ? new MediaPipeFaceLandmarker(FaceModelFiles.DefaultFolder, roundToPixels: parity)
            : new InsightFaceLandmarker(insightFaceFolder, parity ? InsightFaceChannelOrder.Bgr : InsightFaceChannelOrder.Rgb, roundToPixels: parity);
}
