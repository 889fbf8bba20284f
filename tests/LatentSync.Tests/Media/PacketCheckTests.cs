using LatentSync.Media.Formats;

namespace LatentSync.Tests.Media;

/// <summary>Which packets may be copied: those that are heard one after the other from 0 on.</summary>
public class PacketCheckTests
{
    private const double Packet = 0.02;

    [Fact]
    public void OneAfterTheOther_IsSteady() => Assert.True(Check(Times(100)));

    [Fact]
    public void ARunUp_IsNotHeard() => Assert.True(Check(Times(100).Select(time => time - 0.046)));

    [Fact]
    public void ALateStart_IsNotSteady() => Assert.False(Check(Times(100).Select(time => time + 0.01)));

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(50, 0.02)]
    [InlineData(50, 3)]
    [InlineData(50, -0.2)]
    public void AHole_IsNotSteady(int from, double seconds) => Assert.False(Check(Times(100).Select((time, i) => i < from ? time : time + seconds)));

    [Fact]
    public void Rounding_IsSteady() => Assert.True(Check(Times(1000).Select(time => Math.Round(time * 1.0004, 3) - (time * 0.0004))));

    [Fact]
    public void Trembling_IsSteady() => Assert.True(Check(Times(1000).Select((time, i) => time + (0.003 * (i % 3)))));

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void ALongPacketOfAnEvenCodec_HidesAHole(int index) => Assert.False(Check(
        Times(100).Select((time, i) => i <= index ? time : time + 0.5), i => i == index ? 0.52 : Packet, isEven: true));

    [Fact]
    public void AShortLastPacket_IsSteady() => Assert.True(Check(Times(100), i => i == 99 ? 0.004 : Packet, isEven: true));

    [Fact]
    public void UnknownDurations_AreBelieved() => Assert.True(Check(Times(100), _ => 0));

    private static IEnumerable<double> Times(int count) => Enumerable.Range(0, count).Select(i => i * Packet);

    private static bool Check(IEnumerable<double> starts, Func<int, double>? duration = null, bool isEven = false)
    {
        var check = new MediaClock.PacketCheck(isEven);
        foreach (var (index, start) in starts.Index())
        {
            check.Add(start, duration?.Invoke(index) ?? Packet);
        }

        return check.IsSteady;
    }
}
