using LatentSync.Backends.Cuda.Launching;
using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.Model;
using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Config;
using LatentSync.Checkpoints.Tensors;

namespace LatentSync.TestKit.Launching;

/// <summary>The golden UNet as launch lists, with what it is fed.</summary>
internal sealed class GoldenUNet : IDisposable
{
    private readonly TensorArchive _archive = CheckpointFile.Open(Golden.Path("unet_tiny/latentsync_unet.pt"));
    private readonly UNetConfig _config;

    public GoldenUNet(string folder)
    {
        _config = UNetConfigReader.Read(Golden.Path(folder + "/config.yaml"));
        Weights = new CheckpointWeights(WeightSource.Of(_archive));
        var sample = Golden.Tensor("unet_tiny/sample.npy");
        (Clips, Frames, Size) = (sample.Shape[0], sample.Shape[2], sample.Shape[3]);
        Sample = ChannelsLast.From(FrameLayout.ToFrames(sample));
        var audio = Golden.Tensor("unet_tiny/audio.npy");
        (Audio, AudioTokens) = (audio.Data, audio.Shape[2]);
    }

    public IWeightReader Weights { get; }

    public int Clips { get; }

    public int Frames { get; }

    /// <summary>Frames of all clips.</summary>
    public int Images => Clips * Frames;

    public UNetConfig Config => _config;

    public int Size { get; }

    public int AudioTokens { get; }

    /// <summary>[image, pixel, channel].</summary>
    public float[] Sample { get; }

    /// <summary>[image, token, width].</summary>
    public float[] Audio { get; }

    public UNetLaunchLists Lists(LaunchShape shape, IReadOnlyCollection<string> taps, DeviceDataType type = DeviceDataType.Float32, bool isSilent = false) =>
        new(_config, type, shape, Size, AudioTokens, isSilent, taps);

    /// <summary>What each resnet adds at the golden timestep.</summary>
    public float[] TimeRow(UNetLaunchLists lists) => TimeRow(lists, (int)Npy.ReadInt64(Golden.Path("unet_tiny/timestep.npy"))[0]);

    /// <summary>What each resnet adds at a timestep.</summary>
    public float[] TimeRow(UNetLaunchLists lists, int timestep)
    {
        var projections = new TimeProjections(Weights, _config, [timestep]);
        return [.. lists.Layout.Layers.SelectMany(layer => projections.Project(layer)[0])];
    }

    /// <summary>Prelude, full and cached step on a player, fed for the golden timestep.</summary>
    public (PreparedList Sound, PreparedList Full, PreparedList Cached) Open(
        ILaunchPlayer player,
        UNetLaunchLists lists,
        float[] sample,
        float[] audio,
        WeightPlacement? weights = null
    )
    {
        LaunchList[] all = [lists.Prelude, lists.Full, lists.Cached];
        player.Load(all.Max(list => new ScratchLayout(list).Bytes), weights ?? WeightPlacement.Whole(all), CancellationToken.None);
        var prepared = all.Select(player.Prepare).ToList();
        player.Write(UNetLaunchLists.Sample, sample);
        player.Write(UNetLaunchLists.Audio, audio);
        player.Write(LaunchDialect.Time, TimeRow(lists));
        return (prepared[0], prepared[1], prepared[2]);
    }

    public void Dispose() => _archive.Dispose();
}
