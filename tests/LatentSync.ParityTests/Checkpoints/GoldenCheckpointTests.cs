using System.Diagnostics;
using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Config;
using LatentSync.Checkpoints.Pickle;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Checkpoints.Verification;
using LatentSync.Tensors;
using LatentSync.TestKit;
using LatentSync.TestKit.Checkpoints;

namespace LatentSync.ParityTests.Checkpoints;

/// <summary>The golden checkpoints, read as users have them.</summary>
public class GoldenCheckpointTests
{
    [Fact]
    public void UNet_IsReadInPlace()
    {
        using var archive = CheckpointFile.Open(Golden.Path("unet_tiny/latentsync_unet.pt"));

        Assert.IsType<PickleArchive>(archive);
        Assert.IsType<long>(archive.Scalars["global_step"]);
        var config = UNetConfigReader.Read(Golden.Path("unet_tiny/config.yaml"));
        Assert.Equal([config.BlockOutChannels[0], config.InChannels, 3L, 3], archive.Tensors["conv_in.weight"].Shape);
        Assert.All(archive.Tensors.Values, tensor =>
        {
            Assert.True(tensor.IsContiguous);
            Assert.Equal(TensorDataType.Float32, tensor.Type);
            AssertInPlace(archive, tensor);
        });
        WeightScan.RequireFinite(archive, archive.Tensors.Keys, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void UNet_ConvolvesLikeTheReference()
    {
        // The first convolution over a few pixels of the golden sample, with weights straight from the checkpoint.
        using var archive = CheckpointFile.Open(Golden.Path("unet_tiny/latentsync_unet.pt"));
        var (weight, bias) = (archive.Tensors["conv_in.weight"].ToArray(), archive.Tensors["conv_in.bias"].ToArray());
        var sample = Golden.Tensor("unet_tiny/sample.npy");
        var expected = Golden.Tensor("unet_tiny/tap_conv_in.npy");
        var (inputs, outputs, frames, height, width) = (sample.Shape[1], bias.Length, sample.Shape[2], sample.Shape[3], sample.Shape[4]);
        Assert.Equal([sample.Shape[0], outputs, frames, height, width], expected.Shape);
        var (actual, reference) = (new float[outputs], new float[outputs]);
        const int x = 5,
            y = 7,
            frame = 3;
        for (var output = 0; output < outputs; output++)
        {
            double sum = bias[output];
            for (var input = 0; input < inputs; input++)
            {
                for (var tap = 0; tap < 9; tap++)
                {
                    var pixel = (((((input * frames) + frame) * height) + y + (tap / 3) - 1) * width) + x + (tap % 3) - 1;
                    sum += (double)weight[(((output * inputs) + input) * 9) + tap] * sample.Data[pixel];
                }
            }

            actual[output] = (float)sum;
            reference[output] = expected.Data[(((((output * frames) + frame) * height) + y) * width) + x];
        }

        ParityTable.RelativeL2("checkpoints/unet conv_in at one pixel", new Tensor(actual, outputs), new Tensor(reference, outputs), 1e-4);
    }

    [Fact]
    public void Whisper_IsHalfPrecision_WithItsDimensions()
    {
        using var archive = CheckpointFile.Open(Golden.Path("whisper_tiny/tiny.pt"));

        var dimensions = WhisperDimensions.Read(archive);

        Assert.Equal((80, 1500), (dimensions.MelCount, dimensions.ContextLength));
        Assert.Equal([dimensions.Width, 80L, 3], archive.Tensors["encoder.conv1.weight"].Shape);
        Assert.All(archive.Tensors.Values, tensor =>
        {
            Assert.Equal(TensorDataType.Float16, tensor.Type);
            AssertInPlace(archive, tensor);
        });
        WeightScan.RequireFinite(archive, archive.Tensors.Keys, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Vae_IsTheSame_UnderBothNamingsAndInBothFormats()
    {
        using var folder = new TemporaryFolder();
        using var present = CheckpointFile.Open(Golden.Path("vae_tiny/diffusion_pytorch_model.safetensors"));
        var expected = VaeStateDict.Read(present);
        Assert.Equal(present.Tensors.Count, expected.Count);
        var legacyNames = File.ReadLines(Golden.Path("vae_tiny/legacy_attention_names.txt"))
            .Select(line => line.Split(" <- "))
            .ToDictionary(pair => pair[1], pair => pair[0], StringComparer.Ordinal);
        Assert.All(legacyNames.Keys, name => Assert.True(present.Tensors.ContainsKey(name)));
        var old = present.Tensors.ToDictionary(
            entry => legacyNames.GetValueOrDefault(entry.Key, entry.Key),
            entry => new TorchTensor(entry.Value.Type, AsOldShape(entry.Key, entry.Value), entry.Value.Bytes.ToArray()),
            StringComparer.Ordinal
        );
        SafetensorsWriter.Write(folder.File("old.safetensors"), old);
        TorchArchiveWriter.Write(folder.File("old.bin"), old.ToDictionary(entry => entry.Key, object? (entry) => entry.Value, StringComparer.Ordinal));

        foreach (var name in (string[])["old.safetensors", "old.bin"])
        {
            using var archive = CheckpointFile.Open(folder.File(name));
            var actual = VaeStateDict.Read(archive);
            StateDictVerifier.Verify(actual, archive.Path, [.. expected.Values.Select(tensor => new TensorSpec(tensor.Name, tensor.Shape))]);
            Assert.All(expected, entry => Assert.True(entry.Value.Bytes.SequenceEqual(actual[entry.Key].Bytes)));
        }

        // Some old files store these matrices as 1x1 convolutions.
        long[] AsOldShape(string name, StoredTensor tensor) =>
            legacyNames.ContainsKey(name) && tensor.Shape.Count == 2 ? [.. tensor.Shape, 1, 1] : [.. tensor.Shape];
    }

    [Fact]
    public void Configurations_AreRead()
    {
        var all = UNetConfigReader.Read(Golden.Path("unet_tiny/config.yaml"));
        var decoderOnly = UNetConfigReader.Read(Golden.Path("unet_tiny_decoder_motion/config.yaml"));

        Assert.Equivalent(all with { MotionModule = all.MotionModule! with { DecoderOnly = true } }, decoderOnly, strict: true);
        Assert.Equal((13, 4), (all.InChannels, all.OutChannels));
        var vae = VaeConfig.Read(Golden.Path("vae_tiny/config.json"));
        Assert.Equal((4, 0.18215, 0.0), (vae.LatentChannels, vae.ScalingFactor, vae.ShiftFactor));
    }

    [Fact]
    public void GoldenModelFolder_IsComplete()
    {
        using var folder = new TemporaryFolder();
        GoldenModelFolder.Create(folder.Path);

        var model = ModelFolder.Open(folder.Path);

        Assert.Equal(GoldenModelFolder.Whisper, model.Whisper);
        Assert.Equal(model.UNet.Resolution, model.Resolution);
        Assert.Equal(folder.File("config.yaml"), model.UNetConfigPath);
        using var whisper = CheckpointFile.Open(model.WhisperPath);
        WeightScan.RequireFinite(whisper, whisper.Tensors.Keys, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void UNet_IsOpenedAndScannedQuickly()
    {
        // The golden file describes as many tensors as the full-size one; the limits leave room for a busy machine.
        var path = Golden.Path("unet_tiny/latentsync_unet.pt");
        CheckpointFile.Open(path).Dispose();
        var watch = Stopwatch.StartNew();
        using var archive = CheckpointFile.Open(path);
        ParityTable.Check("checkpoints/open latentsync_unet.pt", "ms", watch.Elapsed.TotalMilliseconds, 2000);

        watch.Restart();
        WeightScan.RequireFinite(archive, archive.Tensors.Keys, TestContext.Current.CancellationToken);
        ParityTable.Check("checkpoints/scan latentsync_unet.pt", "ms per MB", watch.Elapsed.TotalMilliseconds / (archive.Length / 1e6), 20);
    }

    private static unsafe void AssertInPlace(TensorArchive archive, StoredTensor tensor)
    {
        Assert.InRange(tensor.FileOffset, 1, archive.Length - tensor.ByteLength);
        var start = tensor.Pointer - tensor.FileOffset;
        Assert.True(archive.Tensors.Values.All(other => other.Pointer - other.FileOffset == start));
        fixed (byte* bytes = tensor.Bytes)
        {
            Assert.True(bytes == tensor.Pointer);
        }
    }
}
