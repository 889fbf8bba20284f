using System.Runtime.InteropServices;
using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Checkpoints.Verification;
using LatentSync.TestKit;
using LatentSync.TestKit.Checkpoints;

namespace LatentSync.Tests.Checkpoints.Verification;

public class WeightScanTests
{
    private const int Count = 1003;

    public static TheoryData<int, double> Bad { get; } =
        new MatrixTheoryData<int, double>([0, 1, 500, 999, Count - 1], [double.NaN, double.PositiveInfinity, double.NegativeInfinity]);

    [Theory]
    [MemberData(nameof(Bad))]
    public void RequireFinite_FindsABadValue_WhereverItIs(int position, double value)
    {
        var values = Enumerable.Range(0, Count).Select(i => (float)Math.Sin(i) * 60000).ToArray();
        values[position] = (float)value;
        AssertVerdict(values, finite: false);
    }

    [Fact]
    public void RequireFinite_AcceptsTheLargestNumbersAndZeros() => AssertVerdict([.. Enumerable.Repeat(-65504f, Count), 0, -0f, 65504], finite: true);

    [Fact]
    public void RequireFinite_LooksAtNonContiguousTensorsToo()
    {
        using var folder = new TemporaryFolder();
        var strided = TorchTensor.Single([1, 2, float.NaN, 4], 2) with { Strides = [2] };
        TorchArchiveWriter.Write(
            folder.File("m"),
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["bad"] = strided, ["good"] = strided with { FirstElement = 1 } }
        );
        using var archive = CheckpointFile.Open(folder.File("m"));

        WeightScan.RequireFinite(archive, ["good"], TestContext.Current.CancellationToken);
        Assert.Contains(
            "the weight bad",
            Assert.Throws<LipSyncException>(() => WeightScan.RequireFinite(archive, ["good", "bad"], TestContext.Current.CancellationToken)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void RequireFinite_CanBeCancelled()
    {
        using var folder = new TemporaryFolder();
        TorchArchiveWriter.Write(folder.File("m"), CheckpointFiles.TwoTensors());
        using var archive = CheckpointFile.Open(folder.File("m"));
        Assert.Throws<OperationCanceledException>(() => WeightScan.RequireFinite(archive, archive.Tensors.Keys, new CancellationToken(canceled: true)));
    }

    private static void AssertVerdict(float[] values, bool finite)
    {
        using var folder = new TemporaryFolder();
        var single = TorchTensor.Single(values, values.Length);
        var upperHalves = MemoryMarshal.Cast<float, uint>(values.AsSpan()).ToArray().Select(bits => (ushort)(bits >> 16)).ToArray();
        TorchArchiveWriter.Write(
            folder.File("m"),
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["f32"] = single,
                ["f16"] = TorchTensor.Half(values, values.Length),
                ["bf16"] = new TorchTensor(TensorDataType.BFloat16, [values.Length], MemoryMarshal.AsBytes(upperHalves.AsSpan()).ToArray()),
                ["f64"] = new TorchTensor(
                    TensorDataType.Float64,
                    [values.Length],
                    MemoryMarshal.AsBytes(Array.ConvertAll(values, value => (double)value).AsSpan()).ToArray()
                ),
            }
        );
        using var archive = CheckpointFile.Open(folder.File("m"));
        foreach (var tensor in archive.Tensors.Values)
        {
            Assert.Equal(finite, tensor.ToArray().All(float.IsFinite));
            Assert.Equal(finite, WeightScan.IsFinite(tensor, TestContext.Current.CancellationToken));
        }
    }
}
