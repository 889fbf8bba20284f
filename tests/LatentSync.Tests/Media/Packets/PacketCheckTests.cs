using LatentSync.Media.Packets;

namespace LatentSync.Tests.Media.Packets;

/// <summary>Which packets may be copied: those that are heard one after the other from 0 on.</summary>
public class PacketCheckTests
{
    private const double Step = 0.02;

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
    public void ALongPacketOfAnEvenCodec_HidesAHole(int index) =>
        Assert.False(Check(Times(100).Select((time, i) => i <= index ? time : time + 0.5), i => i == index ? 0.52 : Step, isEven: true));

    [Fact]
    public void AShortLastPacket_IsSteady() => Assert.True(Check(Times(100), i => i == 99 ? 0.004 : Step, isEven: true));

    /// <summary>Matroska counts milliseconds, and ffmpeg rounds durations down: 1024 samples at 48 kHz are 21 of them, not 21.33.</summary>
    [Theory]
    [InlineData(1024, 48000)]
    [InlineData(1024, 44100)]
    [InlineData(1152, 44100)]
    [InlineData(4096, 44100)]
    [InlineData(576, 22050)]
    [InlineData(960, 48000)]
    public void RoundedDurations_DoNotAddUp(int samples, int rate)
    {
        var exact = (double)samples / rate;
        Packet[] packets = [.. Enumerable.Range(0, 500).Select(i => new Packet(Math.Round(i * exact, 3), Math.Floor(exact * 1000) / 1000, 0.001))];
        Assert.True(Check(packets, new PacketCheck { SampleRate = rate }));
        Assert.False(Check([.. packets[..100], .. packets[102..]], new PacketCheck { SampleRate = rate }));
    }

    /// <summary>ALAC in Matroska.</summary>
    [Fact]
    public void UnknownDurations_OfAnEvenCodec_AreTheWayToTheNext()
    {
        Packet[] packets = [.. Enumerable.Range(0, 100).Select(i => new Packet(Math.Round(i * 4096 / 48000.0, 3), 0, 0.001))];
        Assert.True(Check(packets, new PacketCheck { SampleRate = 48000, IsEven = true }));
        Assert.False(Check([.. packets[..50], .. packets[51..]], new PacketCheck { SampleRate = 48000, IsEven = true }));
        Assert.False(Check([packets[0], .. packets[2..]], new PacketCheck { SampleRate = 48000, IsEven = true }));
    }

    [Fact]
    public void UnknownDurations_OfOtherCodecs_MayHideAHole() => Assert.False(Check(Times(100), _ => 0));

    /// <summary>An edit list in front may hide a part of a packet; Matroska has no word for it, but for what a decoder of Opus throws away.</summary>
    [Theory]
    [InlineData(-0.02, 0, true, true)]
    [InlineData(-0.009, 0, true, false)]
    [InlineData(-0.019, 0, true, false)]
    [InlineData(-0.005, 0, true, true)]
    [InlineData(-0.0065, 0.0065, true, true)]
    [InlineData(-0.0165, 0.0065, true, false)]
    [InlineData(0, 0.0065, false, false)]
    [InlineData(0, 0, true, true)]
    public void WhatComesBeforeZero(double first, double skipped, bool isSteadyInMp4, bool isSteadyInMatroska)
    {
        Packet[] packets = [.. Times(100).Select(time => new Packet(first + time, Step, 1e-9))];
        Assert.Equal(isSteadyInMp4, Check(packets, new PacketCheck { Skipped = skipped }));
        Assert.Equal(isSteadyInMatroska, Check(packets, new PacketCheck { Skipped = skipped, HidesRunUp = false }));
    }

    private static IEnumerable<double> Times(int count) => Enumerable.Range(0, count).Select(i => i * Step);

    private static bool Check(IEnumerable<double> starts, Func<int, double>? duration = null, bool isEven = false) =>
        Check(starts.Select((start, i) => new Packet(start, duration?.Invoke(i) ?? Step, 1e-9)), new PacketCheck { IsEven = isEven });

    private static bool Check(IEnumerable<Packet> packets, PacketCheck check)
    {
        foreach (var packet in packets)
        {
            check.Add(packet);
        }

        return check.IsSteady;
    }
}
