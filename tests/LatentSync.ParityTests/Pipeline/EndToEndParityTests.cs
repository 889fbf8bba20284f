using LatentSync.Backends.Cpu;
using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Config;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Diffusion;
using LatentSync.Faces;
using LatentSync.Imaging;
using LatentSync.Latents;
using LatentSync.Progress;
using LatentSync.Restoration;
using LatentSync.Tensors;
using LatentSync.TestKit;
using static System.FormattableString;

namespace LatentSync.ParityTests.Pipeline;

/// <summary>
/// All stages in a row on the golden networks, from frames, landmarks and audio tokens to frames; where the frames are not there,
/// from their latents.
/// </summary>
public sealed class EndToEndParityTests : IDisposable
{
    private const int Resolution = 128;
    private const double Limit = 1e-3;

    // Cropping truncates to 8 bits, and one pixel in a thousand falls on the other side of a whole number than in the
    // reference's float32 arithmetic. The encoder has random weights and makes ten times more of that.
    private const double EncodedCropLimit = 2e-2;
    private const double CropLimit = 3e-3;

    private static readonly SamplerOptions Options = new(Steps: 20, GuidanceScale: 1.5f, CacheInterval: 3);

    private readonly TensorArchive _unet = CheckpointFile.Open(Golden.Path("unet_tiny/latentsync_unet.pt"));
    private readonly TensorArchive _vae = CheckpointFile.Open(Golden.Path("vae_tiny/diffusion_pytorch_model.safetensors"));

    public void Dispose()
    {
        _unet.Dispose();
        _vae.Dispose();
    }

    [Fact]
    public void FramesToFrames_EqualTheReference()
    {
        var alignments = Align();
        var audio = Golden.Tensor("e2e/audio.npy");
        var start = Golden.Tensor("e2e/init_noise.npy");
        var noise = new ClipNoise(start.Reshape(start.Shape[1], start.Shape[3], start.Shape[4]));

        using var codec = new VaeCodec(VaeConfig.Read(Golden.Path("vae_tiny/config.json")), new WeightSource(_vae.Path, VaeStateDict.Read(_vae)), Resolution);
        using var network = new UNetNoisePredictor(
            UNetConfigReader.Read(Golden.Path("unet_tiny/config.yaml")),
            WeightSource.Of(_unet),
            start.Shape[^1],
            audio.Shape[1]
        );
        var mask = new RepaintMask(Resolution);
        var sampler = new ClipSampler(network);
        var (frames, generated) = Golden.IsWhole
            ? GenerateFromFrames(codec, sampler, mask, alignments, audio, noise)
            : (null, GenerateFromLatents(codec, sampler, mask, audio, noise));
        var (actual, expected) = GoldenFace.Known(generated.Span, Golden.Tensor("e2e/composited_faces.npy").Span);
        ParityTable.RelativeL2("e2e/composited_faces", new Tensor(actual, actual.Length), new Tensor(expected, expected.Length), Limit);

        var restorer = new ReferenceRestorer(Resolution);
        for (var i = 0; i < alignments.Count; i++)
        {
            var picture = Golden.Picture(Invariant($"e2e/out_{i}.png"));
            var frame = frames?[i] ?? new RgbImage(picture.Image.Width, picture.Image.Height);
            restorer.Restore(frame, alignments[i], generated.Rows()[i], weight: 1);
            ParityTable.Image(Invariant($"e2e/out_{i}.png, all stages"), frame, picture);
        }
    }

    private static (List<RgbImage> Frames, Tensor Generated) GenerateFromFrames(
        VaeCodec codec,
        ClipSampler sampler,
        RepaintMask mask,
        List<AffineTransform> alignments,
        Tensor audio,
        ClipNoise noise
    )
    {
        var (frames, faces) = Crop(alignments);
        CompareLatents(codec, sampler, mask, faces, audio, noise);
        CompareKeptPixels(faces, mask);
        var generator = new DiffusionFaceGenerator(codec, sampler, mask, noise, Options, audio.Shape[0], new WorkTimes());
        var generated = new Tensor(faces.Count, RgbImage.Channels, Resolution, Resolution);
        generator.Generate(faces, firstFrame: 0, audio, generated.Rows(), stepDone: null, TestContext.Current.CancellationToken);
        return (frames, generated);
    }

    /// <summary>What is painted; of the kept pixels, nothing is known.</summary>
    private static Tensor GenerateFromLatents(VaeCodec codec, ClipSampler sampler, RepaintMask mask, Tensor audio, ClipNoise noise)
    {
        var (masked, reference) = (Golden.Tensor("e2e/masked_image_latents.npy"), Golden.Tensor("e2e/ref_latents.npy"));
        var latents = CompareSampling(sampler, mask, masked, reference, audio, noise);
        var generated = new Tensor(latents.Shape[0], RgbImage.Channels, Resolution, Resolution);
        codec.Decode(latents, generated.Rows(), TestContext.Current.CancellationToken);
        return generated;
    }

    private static List<AffineTransform> Align()
    {
        var landmarks = Golden.Tensor("e2e/landmarks3.npy");
        var aligner = new FaceAligner(Resolution);
        List<AffineTransform> alignments = [];
        for (var i = 0; i < landmarks.Shape[0]; i++)
        {
            var p = landmarks.Row(i);
            alignments.Add(aligner.Align(new Point2D(p[0], p[1]), new Point2D(p[2], p[3]), new Point2D(p[4], p[5])));
        }

        return alignments;
    }

    private static (List<RgbImage> Frames, List<RgbImage> Faces) Crop(List<AffineTransform> alignments)
    {
        var cropper = new FaceCropper(Resolution);
        var (frames, faces) = (new List<RgbImage>(), new List<RgbImage>());
        for (var i = 0; i < alignments.Count; i++)
        {
            frames.Add(Png.Read(Golden.Path(Invariant($"e2e/in_{i}.png"))));
            faces.Add(new RgbImage(Resolution, Resolution));
            cropper.Crop(frames[i], alignments[i], faces[i]);
        }

        return (frames, faces);
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
            CropLimit
        );
    }

    private static void CompareLatents(VaeCodec codec, ClipSampler sampler, RepaintMask mask, List<RgbImage> faces, Tensor audio, ClipNoise noise)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var pixels = FacePixels.FromImages(faces, new TensorBuffer());
        var masked = codec.Encode(FacePixels.Masked(pixels, new Tensor(mask.Pixels, Resolution, Resolution), new TensorBuffer()), cancellation);
        var reference = codec.Encode(pixels, cancellation);
        ParityTable.RelativeL2("e2e/masked_image_latents", masked, Golden.Tensor("e2e/masked_image_latents.npy"), EncodedCropLimit);
        ParityTable.RelativeL2("e2e/ref_latents", reference, Golden.Tensor("e2e/ref_latents.npy"), EncodedCropLimit);
        CompareSampling(sampler, mask, masked, reference, audio, noise);
    }

    private static Tensor CompareSampling(ClipSampler sampler, RepaintMask mask, Tensor masked, Tensor reference, Tensor audio, ClipNoise noise)
    {
        var masks = Golden.Tensor("e2e/mask_latents.npy");
        masks = masks.Reshape(masks.Shape[0], masks.Shape[2], masks.Shape[3]);
        ParityTable.MaxAbsolute("e2e/mask_latents", mask.Latents, masks.Row(0), 1e-6);
        var latents = sampler.Denoise(
            new ClipConditions(masks, masked, reference, audio),
            noise.Repeat(masked.Shape[0]),
            Options,
            stepDone: null,
            TestContext.Current.CancellationToken
        );
        ParityTable.RelativeL2("e2e/final_latents", latents, FrameLayout.ToFrames(Golden.Tensor("e2e/final_latents.npy")), Limit);
        return latents;
    }
}
