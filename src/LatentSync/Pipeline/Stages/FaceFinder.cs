using LatentSync.Faces;
using LatentSync.Faces.InsightFace;
using LatentSync.Faces.MediaPipe;

namespace LatentSync.Pipeline.Stages;

/// <summary>Makes the landmarker of a job: the built-in networks, or the user's InsightFace pair.</summary>
/// <param name="insightFaceFolder">Where the pair is; null for the built-in networks.</param>
/// <param name="framesAtOnce">On how many frames faces are looked for at once; 1 reads no frame ahead.</param>
internal sealed class FaceFinder(string? insightFaceFolder, int framesAtOnce = 1)
{
    // Several times as fast as one card, also where a video has 60 frames a second, of which 25 are painted.
    private const int MostFramesAtOnce = 6;

    /// <summary>On how many frames faces are looked for at once.</summary>
    public int FramesAtOnce => framesAtOnce;

    /// <summary>
    /// On how many frames to look for faces at once. Beside networks on the CPU one at a time is fast enough, and more would
    /// take cores from them. Beside a card half of the cores are for decoding, pasting and encoding.
    /// </summary>
    /// <param name="onCard">Whether the networks that paint run on a card.</param>
    /// <param name="cores">Cores of the processor.</param>
    public static int ChooseFramesAtOnce(bool onCard, int cores) => onCard ? Math.Clamp(cores / 2, 1, MostFramesAtOnce) : 1;

    /// <summary>A landmarker for one video.</summary>
    /// <param name="parity">Whole-pixel landmarks, and colours in the order the public implementation feeds them.</param>
    public IFaceLandmarker Create(bool parity) =>
        insightFaceFolder is null
            ? new MediaPipeFaceLandmarker(FaceModelFiles.DefaultFolder, roundToPixels: parity)
            : new InsightFaceLandmarker(insightFaceFolder, parity ? InsightFaceChannelOrder.Bgr : InsightFaceChannelOrder.Rgb, roundToPixels: parity);
}
