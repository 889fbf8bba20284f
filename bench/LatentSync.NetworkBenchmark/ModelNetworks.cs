using LatentSync.Audio;
using LatentSync.Backends.Cpu;
using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Networks.UNet;
using LatentSync.Networks.Vae;
using LatentSync.Ownership;

namespace LatentSync.NetworkBenchmark;

/// <summary>The networks of a model folder.</summary>
internal sealed class ModelNetworks : IDisposable
{
    private const int Frames = 16;
    private const int PixelsPerLatent = 8;
    private readonly OwnedResources _owned = new();

    /// <summary>Opens them.</summary>
    public ModelNetworks(ModelFolder folder, string? profile)
    {
        var unet = WeightSource.Of(_owned.Add(CheckpointFile.Open(folder.UNetPath)));
        var vae = new WeightSource(folder.VaePath, VaeStateDict.Read(_owned.Add(CheckpointFile.Open(folder.VaePath))));
        var pixels = folder.UNet.Resolution ?? 512;
        var size = pixels / PixelsPerLatent;
        var tokens = FrameAudio.RowsPerContext * (folder.Whisper.LayerCount + 1);
        var width = folder.UNet.BlockOutChannels[0];
        var (encoder, decoder) = (
            VaeGraphs.Encoder(CpuDialect.Factory, folder.Vae, pixels, pixels),
            VaeGraphs.Decoder(CpuDialect.Factory, folder.Vae, size, size)
        );
        Networks =
        [
            _owned.Add(new NetworkRun("VAE encoder", encoder, vae, VaeGraphs.Moments, 1, profile, Image(pixels))),
            _owned.Add(new NetworkRun("VAE decoder", decoder, vae, VaeGraphs.Image, 1, profile, (VaeGraphs.Latents, [1, 4, size, size]))),
            UNet(2),
            Guided(),
            UNet(1),
            Shallow(2),
        ];

        NetworkRun UNet(int clips) =>
            _owned.Add(
                new NetworkRun(
                    Invariant($"UNet deep {clips}"),
                    UNetGraphs.Deep(CpuDialect.Factory, folder.UNet, new UNetShape(clips, size, size, tokens)),
                    unet,
                    UNetGraphs.Feature,
                    Frames,
                    profile,
                    Inputs(clips)
                )
            );

        // Both halves of guidance, computed once as far as they are equal: what two clips were before.
        NetworkRun Guided() =>
            _owned.Add(
                new NetworkRun(
                    "UNet deep guided",
                    UNetGraphs.Deep(GuidedCpuDialect.Factory, folder.UNet, new UNetShape(1, size, size, tokens)),
                    unet,
                    UNetGraphs.Feature,
                    Frames,
                    profile,
                    Inputs(1)
                )
            );

        NetworkRun Shallow(int clips) =>
            _owned.Add(
                new NetworkRun(
                    Invariant($"UNet shallow {clips}"),
                    UNetGraphs.Shallow(CpuDialect.Factory, folder.UNet, new UNetShape(clips, size, size, tokens)),
                    unet,
                    UNetGraphs.NoisePrediction,
                    Frames,
                    profile,
                    [.. Inputs(clips), (UNetGraphs.Feature, [clips * Frames, width, size, size])]
                )
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
    public void Dispose() => _owned.Dispose();
}
