using LatentSync.Audio;
using LatentSync.Backends.Cpu;
using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Networks.UNet;
using LatentSync.Networks.Vae;

namespace LatentSync.NetworkBenchmark;

/// <summary>The networks of a model folder.</summary>
internal sealed class ModelNetworks : IDisposable
{
    private const int Frames = 16;
    private const int PixelsPerLatent = 8;
    private readonly TensorArchive _unet;
    private readonly TensorArchive _vae;

    /// <summary>Opens them.</summary>
    public ModelNetworks(ModelFolder folder, string? profile)
    {
        _unet = CheckpointFile.Open(folder.UNetPath);
        _vae = CheckpointFile.Open(folder.VaePath);
        var (unet, vae) = (WeightSource.Of(_unet), new WeightSource(folder.VaePath, VaeStateDict.Read(_vae)));
        var pixels = folder.UNet.Resolution ?? 512;
        var size = pixels / PixelsPerLatent;
        var tokens = FrameAudio.RowsPerContext * (folder.Whisper.LayerCount + 1);
        var width = folder.UNet.BlockOutChannels[0];
        Networks =
        [
            new("VAE encoder", VaeGraphs.Encoder(CpuDialect.Factory, folder.Vae, pixels, pixels), vae, VaeGraphs.Moments, 1, profile, Image(pixels)),
            new(
                "VAE decoder",
                VaeGraphs.Decoder(CpuDialect.Factory, folder.Vae, size, size),
                vae,
                VaeGraphs.Image,
                1,
                profile,
                (VaeGraphs.Latents, [1, 4, size, size])
            ),
            UNet(2),
            UNet(1),
            Shallow(2),
        ];

        NetworkRun UNet(int clips) =>
            new(
                Invariant($"UNet deep {clips}"),
                UNetGraphs.Deep(CpuDialect.Factory, folder.UNet, new UNetShape(clips, size, size, tokens)),
                unet,
                UNetGraphs.Feature,
                Frames,
                profile,
                Inputs(clips)
            );

        NetworkRun Shallow(int clips) =>
            new(
                Invariant($"UNet shallow {clips}"),
                UNetGraphs.Shallow(CpuDialect.Factory, folder.UNet, new UNetShape(clips, size, size, tokens)),
                unet,
                UNetGraphs.NoisePrediction,
                Frames,
                profile,
                [.. Inputs(clips), (UNetGraphs.Feature, [clips * Frames, width, size, size])]
            );

        (string, int[])[] Inputs(int clips) =>
            [
                (UNetGraphs.Sample, [clips * Frames, folder.UNet.InChannels, size, size]),
                (UNetGraphs.Timestep, [1, width]),
                (UNetGraphs.Audio, [clips * Frames, tokens, folder.UNet.CrossAttentionDim]),
            ];

        static (string, int[]) Image(int side) => (VaeGraphs.Image, [1, 3, side, side]);
    }

    /// <summary>The networks, in the order of the table.</summary>
    public IReadOnlyList<NetworkRun> Networks { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var network in Networks)
        {
            network.Dispose();
        }

        _unet.Dispose();
        _vae.Dispose();
    }
}
