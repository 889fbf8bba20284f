using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.OnnxRuntime;

namespace LatentSync.GpuBenchmarks;

/// <summary>Made-up values for benchmarks. Zeros would need less power than real numbers, and a card would run faster.</summary>
internal static class RandomTensor
{
    private const int ChunkValues = 1 << 16;

    /// <summary>A tensor of the runtime's type, evenly spread over -1..1; the same float16 numbers whatever the type.</summary>
    public static OwnedDeviceTensor Create(DeviceRuntime runtime, Random random, params int[] shape)
    {
        var tensor = new OwnedDeviceTensor(runtime.Arena, runtime.Type, shape);
        var (size, numbers) = (runtime.Type.Size(), new float[ChunkValues]);
        runtime.Upload(tensor.Pointer, tensor.Bytes, place =>
        {
            while (place.Length > 0)
            {
                var chunk = numbers.AsSpan(0, Math.Min(ChunkValues, place.Length / size));
                foreach (ref var number in chunk)
                {
                    number = (float)(Half)((2 * random.NextDouble()) - 1);
                }

                DeviceValues.Write(chunk, runtime.Type, place[..(chunk.Length * size)]);
                place = place[(chunk.Length * size)..];
            }
        });
        return tensor;
    }
}
