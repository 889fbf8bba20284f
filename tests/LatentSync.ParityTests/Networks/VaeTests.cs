using LatentSync.Backends.Cpu;
using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Config;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Networks.Vae;
using LatentSync.TestKit;

namespace LatentSync.ParityTests.Networks;

public sealed class VaeTests : IDisposable
{
    private const double Limit = 1e-4;

    private readonly TensorArchive _weights = CheckpointFile.Open(Golden.Path("vae_tiny/diffusion_pytorch_model.safetensors"));
    private readonly VaeConfig _config = VaeConfig.Read(Golden.Path("vae_tiny/config.json"));

    public void Dispose() => _weights.Dispose();

    [Fact]
    public void Encoder_EqualsTheReference()
    {
        var image = Golden.Tensor("vae_tiny/image.npy");
        using var encoder = new NetworkSession(VaeGraphs.Encoder(CpuDialect.Factory, _config, image.Shape[2], image.Shape[3]), WeightSource.Of(_weights));
        var moments = encoder.Run([(VaeGraphs.Image, image)], VaeGraphs.Moments, TestContext.Current.CancellationToken);
        ParityTable.RelativeL2("vae_tiny/moments", moments, Golden.Tensor("vae_tiny/moments.npy"), Limit);
    }

    [Fact]
    public void Decoder_EqualsTheReference()
    {
        var latents = Golden.Tensor("vae_tiny/z.npy");
        using var decoder = new NetworkSession(VaeGraphs.Decoder(CpuDialect.Factory, _config, latents.Shape[2], latents.Shape[3]), WeightSource.Of(_weights));
        var decoded = decoder.Run([(VaeGraphs.Latents, latents)], VaeGraphs.Image, TestContext.Current.CancellationToken);
        ParityTable.RelativeL2("vae_tiny/decoded", decoded, Golden.Tensor("vae_tiny/decoded.npy"), Limit);
    }
}
