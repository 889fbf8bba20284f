using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Tensors;
using LatentSync.TestKit;
using LatentSync.TestKit.Launching;

namespace LatentSync.ParityTests.Devices;

/// <summary>
/// Every operation in the shapes of the full-size networks, with few images, on a card against its twin on the CPU. Without a
/// card a twin that rounds is compared with one that does not, which shows that the limits leave room for more than rounding.
/// </summary>
public sealed class OperationTests
{
    private const double Float32Limit = 2e-5;
    private const double Float16Limit = 2e-3;

    // Three significant bits less than float16.
    private const double BFloat16Limit = 8 * Float16Limit;

    [Theory]
    [InlineData(nameof(DeviceDataType.Float32), Float32Limit)]
    [InlineData(nameof(DeviceDataType.Float16), Float16Limit)]
    [InlineData(nameof(DeviceDataType.BFloat16), BFloat16Limit)]
    public void Operation_EqualsItsTwin(string typeName, double limit)
    {
        var type = Enum.Parse<DeviceDataType>(typeName);
        Assert.SkipUnless(TestDevice.IsCard || type.Is16Bit(), "there is nothing to compare without a card (LATENTSYNC_TEST_DEVICE=cuda)");
        using var device = new TestDevice(new NoWeights(), type);
        foreach (var (name, list) in OperationSamples.All(type, device.Player.Traits.FusedGateChannels))
        {
            var (twin, random) = (new ReferencePlayer(new NoWeights()), new Random(1));
            var prepared = device.Player.Open(list);
            foreach (var input in list.Buffers.Where(buffer => buffer.Kind == LaunchBufferKind.Named && !IsOutput(buffer)))
            {
                float[] values = [.. Enumerable.Range(0, (int)input.Count).Select(_ => OperationSamples.Draw(input, random))];
                twin[input.Name] = values;
                if (device.Player is ReferencePlayer rounding)
                {
                    rounding[input.Name] = [.. values];
                }
                else if (input.Type == DeviceDataType.UInt8)
                {
                    device.Player.Write(input.Name, Array.ConvertAll(values, value => (byte)value));
                }
                else
                {
                    device.Player.Write(input.Name, values);
                }
            }

            twin.Play(list);
            prepared[0].Play();
            foreach (var output in list.Buffers.Where(IsOutput))
            {
                var (actual, expected) = (device.Player.Read(output.Name, (int)output.Count), twin[output.Name]);
                ParityTable.RelativeL2($"{name}, {typeName}", new Tensor(actual, actual.Length), new Tensor(expected, expected.Length), limit);
            }
        }
    }

    private static bool IsOutput(LaunchBuffer buffer) => buffer.Name.StartsWith("out", StringComparison.Ordinal);

    /// <summary>These lists have no weights.</summary>
    private sealed class NoWeights : IWeightReader
    {
        public float[] Read(string name, ReadOnlySpan<int> shape) => throw new NotSupportedException(name);
    }
}
