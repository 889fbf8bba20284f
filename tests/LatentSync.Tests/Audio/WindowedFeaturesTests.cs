using System.Runtime.CompilerServices;
using LatentSync.Audio;
using LatentSync.Tensors;

namespace LatentSync.Tests.Audio;

public class WindowedFeaturesTests
{
    private const int Rows = 5123;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void CopyRow_GivesTheRowOfItsTime(bool disjoint)
    {
        var features = Features(new FakeEncoder(), disjoint);
        var row = new float[6];
        for (var i = 0; i < Rows; i++)
        {
            features.CopyRow(i, row);
            Assert.Equal([i, i + 1, i + 2, i, i + 1, i + 2], row.Select(value => MathF.Round(value, 2)));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void CopyRow_InAnyOrder_GivesTheSame(bool disjoint)
    {
        var forward = ReadAll(Features(new FakeEncoder(ramp: 7), disjoint), Enumerable.Range(0, Rows));
        var order = Enumerable.Range(0, Rows).ToArray();
        new Random(1).Shuffle(order.AsSpan(0, 200));
        Assert.Equal(forward, ReadAll(Features(new FakeEncoder(ramp: 7), disjoint), order));
        Assert.Equal(forward, ReadAll(Features(new FakeEncoder(ramp: 7), disjoint), Enumerable.Range(0, Rows).Reverse()));
    }

    [Theory]
    [InlineData(true, 4)]
    [InlineData(false, 5)]
    public void CopyRow_Forward_EncodesEachWindowOnceAndKeepsTwo(bool disjoint, int windows)
    {
        var encoder = new FakeEncoder();
        var features = Features(encoder, disjoint);
        ReadAll(features, Enumerable.Range(0, Rows));
        Assert.Equal((windows, 2), (encoder.Calls, encoder.Destinations));
    }

    [Fact]
    public void Constructor_EncodesNothing()
    {
        var encoder = new FakeEncoder();
        Assert.Equal(Rows, Features(encoder, disjoint: true).RowCount);
        Assert.Equal(0, encoder.Calls);
    }

    [Fact]
    public void Overlapping_SpreadsTheJumpOfPositions()
    {
        const float Ramp = 1500;

        // Mel grows by 1 a row. At the cut the position falls by 1499; the fade takes back 1000 rows in 50 steps of 20.
        Assert.Equal(1498, LargestStep(Features(new FakeEncoder(Ramp), disjoint: true)), 0.5);
        Assert.InRange(LargestStep(Features(new FakeEncoder(Ramp), disjoint: false)), 15, 25);
    }

    [Fact]
    public void CopyRow_OutsideTheSound_Throws()
    {
        var features = Features(new FakeEncoder(), disjoint: true);
        Assert.Throws<ArgumentOutOfRangeException>(() => features.CopyRow(-1, new float[6]));
        Assert.Throws<ArgumentOutOfRangeException>(() => features.CopyRow(Rows, new float[6]));
    }

    [Theory]
    [InlineData(79, 100)]
    [InlineData(80, 1)]
    public void Constructor_WhenMelHasNoRowOrOtherBands_Throws(int bands, int frames) =>
        Assert.ThrowsAny<ArgumentException>(() => new WindowedFeatures(new Tensor(bands, frames), new FakeEncoder(), WindowPlan.Disjoint));

    private static WindowedFeatures Features(FakeEncoder encoder, bool disjoint) =>
        new(FakeEncoder.RampMel(2 * Rows), encoder, disjoint ? WindowPlan.Disjoint : WindowPlan.Overlapping);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float[][] ReadAll(WindowedFeatures features, IEnumerable<int> order)
    {
        var rows = new float[Rows][];
        foreach (var row in order)
        {
            features.CopyRow(row, rows[row] = new float[features.LayerCount * features.Width]);
        }

        return rows;
    }

    private static double LargestStep(WindowedFeatures features)
    {
        var rows = ReadAll(features, Enumerable.Range(0, Rows));
        return rows.Zip(rows.Skip(1), (row, next) => Math.Abs(next[3] - row[3])).Max();
    }
}
