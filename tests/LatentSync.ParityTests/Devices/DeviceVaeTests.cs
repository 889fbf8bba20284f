using LatentSync.Backends.Cpu;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.Model;
using LatentSync.Backends.Cuda.Runtime;
using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Config;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Imaging;
using LatentSync.Latents;
using LatentSync.Tensors;
using LatentSync.TestKit;

namespace LatentSync.ParityTests.Devices;

/// <summary>The VAE as it runs on a GPU, with the arithmetic around it, against the path of the CPU, which equals the reference.</summary>
[Collection(OneDevice.Name)]
public sealed class DeviceVaeTests : IDisposable
{
    private const double Limit = 1e-4;
    private const int Resolution = 128;
    private const int Frames = 3;

    private readonly TensorArchive _archive = CheckpointFile.Open(Golden.Path("vae_tiny/diffusion_pytorch_model.safetensors"));

    public void Dispose() => _archive.Dispose();

    [Theory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(8, true)]
    public void EncodeAndDecode_EqualTheCpu(int slice, bool keepsWeights)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var weights = WeightSource.Of(_archive);
        var config = VaeConfig.Read(Golden.Path("vae_tiny/config.json"));
        var mask = new RepaintMask(Resolution);
        var faces = Enumerable.Range(0, Frames).Select(frame => Picture(frame)).ToList();
        using var cpu = new VaeCodec(config, weights, Resolution);
        var pixels = FacePixels.FromImages(faces, new TensorBuffer());
        var maskTensor = new Tensor(mask.Pixels, Resolution, Resolution);
        var (masked, whole) = (cpu.Encode(FacePixels.Masked(pixels, maskTensor, new TensorBuffer()), cancellationToken), cpu.Encode(pixels, cancellationToken));
        var expected = new Tensor([.. pixels.Shape]);
        cpu.Decode(whole, expected.Rows(), cancellationToken);
        for (var frame = 0; frame < Frames; frame++)
        {
            FacePixels.Composite(expected.Row(frame), pixels.Row(frame), maskTensor.Span);
        }

        using var runtime = TestDevice.Open();
        using var codec = new DeviceVaeCodec(runtime, config, new CheckpointWeights(weights), mask, slice);
        codec.Load(keepsWeights, cancellationToken);
        using var bytes = HostValues.Upload(runtime, [.. faces.SelectMany(face => face.Pixels.ToArray())], Frames, Resolution, Resolution, 3);
        using var conditions = new OwnedDeviceTensor(runtime.Arena, DeviceDataType.Float32, Frames, Resolution / 8, Resolution / 8, 12);
        codec.Encode(bytes, conditions, cancellationToken);
        var encoded = HostValues.DownloadMap(runtime, conditions, 9);
        var actual = new Tensor(Frames, 9, Resolution / 8, Resolution / 8);
        for (var frame = 0; frame < Frames; frame++)
        {
            mask.Latents.CopyTo(actual.Row(frame));
            masked.Row(frame).CopyTo(actual.Row(frame)[mask.Latents.Length..]);
            whole.Row(frame).CopyTo(actual.Row(frame)[(5 * mask.Latents.Length)..]);
        }

        using var latents = HostValues.UploadMap(runtime, whole, 4);
        using var decoded = new PinnedBuffer(runtime.Device, sizeof(float) * (long)expected.Length);
        codec.Decode(latents, bytes, decoded.Pointer, cancellationToken);
        runtime.Device.Synchronize();
        ParityTable.RelativeL2(
            FormattableString.Invariant($"conditions, device, {slice} at once{(keepsWeights ? string.Empty : ", weights in turn")}"),
            encoded,
            actual,
            TestDevice.Limit(Limit)
        );
        ParityTable.RelativeL2(
            FormattableString.Invariant($"faces, device, {slice} at once{(keepsWeights ? string.Empty : ", weights in turn")}"),
            new Tensor(decoded.Span<float>(0, expected.Length).ToArray(), [.. expected.Shape]),
            expected,
            TestDevice.Limit(Limit)
        );
    }

    private static RgbImage Picture(int seed)
    {
        var image = new RgbImage(Resolution, Resolution);
        for (var i = 0; i < image.Pixels.Length; i++)
        {
            image.Pixels[i] = (byte)((128 + (100 * Math.Sin((i * 0.013) + seed))) + (27 * Math.Cos(i * 0.0007 * (seed + 1))));
        }

        return image;
    }
}
