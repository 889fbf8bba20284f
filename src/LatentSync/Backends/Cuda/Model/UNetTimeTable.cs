using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.OnnxRuntime;
using LatentSync.Checkpoints.Config;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Networks.UNet;

namespace LatentSync.Backends.Cuda.Model;

/// <summary>
/// What each resnet adds for the timestep: the projected time embedding plus the bias of its first convolution. The
/// timesteps of a job are known before it begins, so this is computed once, in float32, and not at every step.
/// </summary>
internal sealed class UNetTimeTable(DeviceRuntime runtime, UNetConfig config, IWeightReader reader, UNetLayout layout) : IDisposable
{
    // Rows are there once for each clip of a run: without and with audio.
    private const int Clips = 2;

    private readonly Dictionary<string, (long Offset, int Channels)> _places = new(StringComparer.Ordinal);
    private DeviceBuffer? _table;
    private int[] _timesteps = [];

    /// <summary>Bytes on the device for so many steps.</summary>
    public long Bytes(int steps) => layout.Layers.Sum(layer => (long)layer.OutChannels) * steps * Clips * runtime.Type.Size();

    /// <summary>Computes the table, unless it is there already.</summary>
    public void Prepare(IReadOnlyList<int> timesteps)
    {
        if (_timesteps.SequenceEqual(timesteps))
        {
            return;
        }

        _table?.Dispose();
        _table = new DeviceBuffer(runtime.Arena, Bytes(timesteps.Count));
        _timesteps = [.. timesteps];
        var offset = 0L;
        foreach (var layer in layout.Layers)
        {
            _places[layer.Resnet] = (offset, layer.OutChannels);
            offset += (long)layer.OutChannels * timesteps.Count * Clips * runtime.Type.Size();
        }

        if (runtime.IsDry)
        {
            return;
        }

        var projections = new TimeProjections(reader, config, timesteps);
        var rows = layout.Layers.AsParallel().Select(layer => (Layer: layer, Rows: ForEachClip(projections.Project(layer)))).ToList();
        runtime.Upload(_table.Pointer, _table.Bytes, place =>
        {
            foreach (var (layer, values) in rows)
            {
                DeviceValues.Write(values, runtime.Type, place.Slice((int)_places[layer.Resnet].Offset, values.Length * runtime.Type.Size()));
            }
        });
    }

    /// <summary>[clips, channels]: what a resnet adds at a step.</summary>
    public DeviceTensor Row(UNetLayer layer, int step, int clips)
    {
        var (offset, channels) = _places[layer.Resnet];
        return new DeviceTensor(_table!.Pointer + (nint)(offset + ((long)step * Clips * channels * runtime.Type.Size())), runtime.Type, clips, channels);
    }

    /// <inheritdoc/>
    public void Dispose() => _table?.Dispose();

    /// <summary>[steps, clips, channels]: what a resnet adds.</summary>
    private static float[] ForEachClip(float[][] rows) => [.. rows.SelectMany(row => Enumerable.Repeat(row, Clips).SelectMany(copy => copy))];
}
