using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.TestKit.Launching;

namespace LatentSync.CudaTrial;

/// <summary>
/// Every operation of full-size lists, each shape once and with few images, on random numbers, against its twin on the CPU.
/// </summary>
internal sealed class KernelTrial(Trial trial)
{
    private const double Float32Limit = 2e-5;
    private const double Float16Limit = 2e-3;

    public bool Run() => Run(DeviceDataType.Float32) & Run(DeviceDataType.Float16);

    private bool Run(DeviceDataType type)
    {
        var good = true;
        foreach (var (name, list) in OperationSamples.All(type))
        {
            using var player = trial.Open(new NoReader(), type);
            var twin = new ReferencePlayer(new NoReader());
            var random = new Random(1);
            foreach (
                var buffer in list.Buffers.Where(buffer => buffer.Kind == LaunchBufferKind.Named && !buffer.Name.StartsWith("out", StringComparison.Ordinal))
            )
            {
                var values = new float[buffer.Count];
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = (random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f) * 2;
                }

                twin[buffer.Name] = values;
                player.Write(buffer.Name, values);
            }

            try
            {
                twin.Play(list);
                player.Prepare([list], CancellationToken.None)[0].Play();
                foreach (var output in list.Buffers.Where(buffer => buffer.Name.StartsWith("out", StringComparison.Ordinal)))
                {
                    var error = Trial.Error(player.Read(output.Name, (int)output.Count), twin[output.Name]);
                    var fits = error <= (type == DeviceDataType.Float32 ? Float32Limit : Float16Limit);
                    good &= fits;
                    Console.WriteLine(FormattableString.Invariant($"{(fits ? "ok " : "BAD")} {type} {name}: {error:E2}"));
                }
            }
            catch (LipSyncException error)
            {
                good = false;
                Console.WriteLine($"BAD {type} {name}: {error.Message}");
            }
        }

        return good;
    }

    /// <summary>These lists have no weights.</summary>
    private sealed class NoReader : IWeightReader
    {
        public float[] Read(string name, ReadOnlySpan<int> shape) => throw new NotSupportedException(name);
    }
}
