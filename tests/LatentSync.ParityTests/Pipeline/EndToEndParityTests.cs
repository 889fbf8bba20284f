using LatentSync.Checkpoints;
using LatentSync.Diffusion;
using LatentSync.Faces;
using LatentSync.Imaging;
using LatentSync.Latents;
using LatentSync.Pipeline;
using LatentSync.Restoration;
using LatentSync.Tensors;
using LatentSync.TestKit;
using static System.FormattableString;

namespace LatentSync.ParityTests.Pipeline;

/// <summary>All stages in a row on the golden networks, from frames, landmarks and audio tokens to frames.</summary>
public sealed class EndToEndParityTests : IDisposable
{
    private const int Resolution = 128;
    private const double Limit = 1e-3;

    // Cropping truncates to 8 bits, and one pixel in a thousand falls on the other side of a whole number than in the
    // reference's float32 arithmetic. The encoder has random weights and makes ten times more of that.
    private const double EncodedCropLimit = 2e-2;
    private const double CropLimit = 3e-3;

    private static readonly SamplerOptions Options = new(Steps: 20, GuidanceScale: 1.5f, CacheInterval: 3);

    private readonly TensorArchive _unet = TensorArchive.Open(Golden.Path("unet_tiny/latentsync_unet.pt"));
    private readonly TensorArchive _vae = TensorArchive.Open(Golden.Path("vae_tiny/diffusion_pytorch_model.safetensors"));

    public void Dispose()
    {
        _unet.Dispose();
        _vae.Dispose();
    }

    [Fact]
    public void FramesToFrames_EqualTheReference()
    {
        var (frames, faces, alignments) = Align();
        var audio = Golden.Tensor("e2e/audio.npy");
        var start = Golden.Tensor("e2e/init_noise.npy");
        var noise = new ClipNoise(start.Reshape(start.Shape[1], start.Shape[3], start.Shape[4]), seed: 0, frameShare: 0);

        using var codec = new VaeCodec(VaeConfig.Read(Golden.Path("vae_tiny/config.json")), new WeightSource(_vae.Path, VaeStateDict.Read(_vae)), Resolution);
        using var network = new UNetNoisePredictor(
            UNetConfigReader.Read(Golden.Path("unet_tiny/config.yaml")), WeightSource.Of(_unet), start.Shape[^1], audio.Shape[1]);
        var mask = new RepaintMask(Resolution);
        CompareLatents(codec, network, mask, faces, audio, noise);

        var generator = new DiffusionFaceGenerator(codec, new ClipSampler(network), mask, noise, Options, audio.Shape[0], new WorkTimes());
        var generated = new Tensor(faces.Count, RgbImage.Channels, Resolution, Resolution);
        generator.Generate(faces, firstFrame: 0, audio, generated.Rows(), stepDone: null, TestContext.Current.CancellationToken);
        ParityTable.RelativeL2("e2e/composited_faces", generated, Golden.Tensor("e2e/composited_faces.npy"), Limit);

        CompareKeptPixels(faces, mask);

        var restorer = new ReferenceRestorer(Resolution);
        for (var i = 0; i < frames.Count; i++)
        {
            restorer.Restore(frames[i], alignments[i], generated.Row(i), weight: 1);
            ParityTable.Image(Invariant($"e2e/out_{i}.png, all stages"), frames[i].Pixels, Png.Read(Golden.Path(Invariant($"e2e/out_{i}.png"))).Pixels);
        }
    }

    private static (List<RgbImage> Frames, List<RgbImage> Faces, List<AffineTransform> Alignments) Align()
    {
        var landmarks = Golden.Tensor("e2e/landmarks3.npy");
        var aligner = new FaceAligner(Resolution);
        var cropper = new FaceCropper(Resolution);
        var (frames, faces, alignments) = (new List<RgbImage>(), new List<RgbImage>(), new List<AffineTransform>());
        for (var i = 0; i < landmarks.Shape[0]; i++)
        {
            var p = landmarks.Row(i);
            frames.Add(Png.Read(Golden.Path(Invariant($"e2e/in_{i}.png"))));
            alignments.Add(aligner.Align(new Point2D(p[0], p[1]), new Point2D(p[2], p[3]), new Point2D(p[4], p[5])));
            faces.Add(new RgbImage(Resolution, Resolution));
            cropper.Crop(frames[i], alignments[i], faces[i]);
        }

        return (frames, faces, alignments);
    }

    /// <summary>Where the mask keeps the picture, the reference's composited faces are its aligned crops.</summary>
    private static void CompareKeptPixels(List<RgbImage> faces, RepaintMask mask)
    {
        var kept = new Tensor(new float[mask.Pixels.Length], Resolution, Resolution);
        mask.Pixels.Select(value => value == 1 ? 1f : 0).ToArray().CopyTo(kept.Span);
        ParityTable.RelativeL2(
            "e2e/aligned faces, kept pixels",
            FacePixels.Masked(FacePixels.FromImages(faces, new TensorBuffer()), kept, new TensorBuffer()),
            FacePixels.Masked(Golden.Tensor("e2e/composited_faces.npy"), kept, new TensorBuffer()),
            CropLimit);
    }

    private static void CompareLatents(
        VaeCodec codec, UNetNoisePredictor network, RepaintMask mask, List<RgbImage> faces, Tensor audio, ClipNoise noise)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var pixels = FacePixels.FromImages(faces, new TensorBuffer());
        var masked = codec.Encode(FacePixels.Masked(pixels, new Tensor(mask.Pixels, Resolution, Resolution), new TensorBuffer()), cancellation);
        var reference = codec.Encode(pixels, cancellation);
        ParityTable.RelativeL2("e2e/masked_image_latents", masked, Golden.Tensor("e2e/masked_image_latents.npy"), EncodedCropLimit);
        ParityTable.RelativeL2("e2e/ref_latents", reference, Golden.Tensor("e2e/ref_latents.npy"), EncodedCropLimit);

        var masks = Golden.Tensor("e2e/mask_latents.npy");
        masks = masks.Reshape(masks.Shape[0], masks.Shape[2], masks.Shape[3]);
        ParityTable.MaxAbsolute("e2e/mask_latents", mask.Latents, masks.Row(0), 1e-6);
        var latents = new ClipSampler(network).Denoise(
            new ClipConditions(masks, masked, reference, audio), noise.Draw(0, faces.Count), Options, stepDone: null, cancellation);
        ParityTable.RelativeL2("e2e/final_latents", latents, FrameLayout.ToFrames(Golden.Tensor("e2e/final_latents.npy")), Limit);
    }
}
