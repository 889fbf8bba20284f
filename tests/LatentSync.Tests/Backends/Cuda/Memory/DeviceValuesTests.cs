using System.Runtime.InteropServices;
using LatentSync.Backends.Cuda.Memory;

namespace LatentSync.Tests.Backends.Cuda.Memory;

public class DeviceValuesTests
{
    private const int UpperHalf = 16;
    private const int Numbers = 200_003;

    /// <summary>Numbers by their bits, and what is left of them.</summary>
    [Theory]
    [InlineData(0x0000_0000, 0x0000)]
    [InlineData(0x8000_0000, 0x8000)]
    [InlineData(0x3F80_0000, 0x3F80)] // 1
    [InlineData(0xC049_0FDB, 0xC049)] // -pi
    [InlineData(0x3F80_7FFF, 0x3F80)] // less than half of the last bit
    [InlineData(0x3F80_8000, 0x3F80)] // half: the even one is below
    [InlineData(0x3F80_8001, 0x3F81)] // more than half
    [InlineData(0x3F81_8000, 0x3F82)] // half: the even one is above
    [InlineData(0x3FFF_8000, 0x4000)] // up to the next power of two
    [InlineData(0x7F7F_7FFF, 0x7F7F)] // the largest that stays finite
    [InlineData(0x7F7F_FFFF, 0x7F80)] // the largest of float32
    [InlineData(0xFF7F_FFFF, 0xFF80)]
    [InlineData(0x7F80_0000, 0x7F80)] // infinities
    [InlineData(0xFF80_0000, 0xFF80)]
    [InlineData(0x0000_0001, 0x0000)] // subnormal numbers
    [InlineData(0x0000_8000, 0x0000)]
    [InlineData(0x0000_8001, 0x0001)]
    [InlineData(0x0001_8000, 0x0002)]
    [InlineData(0x007F_FFFF, 0x0080)]
    [InlineData(0x807F_8000, 0x8080)]
    public void BFloat16_IsTheNearest_AndOfTwoTheEvenOne(uint bits, int expected)
    {
        // Once where vectors are converted, once behind them.
        float[] values = [.. Enumerable.Repeat(BitConverter.UInt32BitsToSingle(bits), 129)];
        Assert.All(BFloat16(values), stored => Assert.Equal(expected, stored));
    }

    [Theory]
    [InlineData(0x7FC0_0000)]
    [InlineData(0x7F80_0001)]
    [InlineData(0xFF80_8000)]
    [InlineData(0x7FFF_FFFF)]
    [InlineData(0xFFFF_FFFF)]
    public void WhatIsNotANumber_StaysNone(uint bits)
    {
        float[] values = [.. Enumerable.Repeat(BitConverter.UInt32BitsToSingle(bits), 129)];
        Assert.All(BFloat16(values), stored => Assert.True(float.IsNaN(BitConverter.UInt32BitsToSingle((uint)stored << UpperHalf))));
    }

    [Fact]
    public void BFloat16_EqualsTheSlowWay()
    {
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(0, Numbers).Select(_ => BitConverter.Int32BitsToSingle((int)random.NextInt64(1L << 32)))];
        var stored = BFloat16(values);
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsNaN(values[i]))
            {
                Assert.Equal(Nearest(values[i]), stored[i]);
            }
        }
    }

    [Fact]
    public void OtherTypes_AreStoredAsTheyAre()
    {
        float[] values = [1.5f, -65504, 70000];
        var halves = new byte[3 * DeviceDataType.Float16.Size()];
        DeviceValues.Write(values, DeviceDataType.Float16, halves);
        Assert.Equal([(Half)1.5f, Half.MinValue, Half.PositiveInfinity], MemoryMarshal.Cast<byte, Half>(halves).ToArray());
        var singles = new byte[3 * DeviceDataType.Float32.Size()];
        DeviceValues.Write(values, DeviceDataType.Float32, singles);
        Assert.Equal(values, MemoryMarshal.Cast<byte, float>(singles).ToArray());
    }

    private static ushort[] BFloat16(float[] values)
    {
        var stored = new byte[values.Length * DeviceDataType.BFloat16.Size()];
        DeviceValues.Write(values, DeviceDataType.BFloat16, stored);
        return MemoryMarshal.Cast<byte, ushort>(stored).ToArray();
    }

    /// <summary>
    /// The nearer of the two numbers around a value; where both are as near, the even one. Infinity counts as the power of two
    /// that would be in its place.
    /// </summary>
    private static ushort Nearest(float value)
    {
        var below = (ushort)(BitConverter.SingleToUInt32Bits(value) >> UpperHalf);
        if (float.IsInfinity(value))
        {
            return below;
        }

        var above = (ushort)(below + 1);
        var (toBelow, toAbove) = (Math.Abs(value - Widened(below)), Math.Abs(Widened(above) - value));
        return toBelow < toAbove ? below
            : toAbove < toBelow ? above
            : below % 2 == 0 ? below
            : above;
    }

    private static double Widened(ushort stored)
    {
        var single = BitConverter.UInt32BitsToSingle((uint)stored << UpperHalf);
        return float.IsInfinity(single) ? Math.CopySign(Math.Pow(2, 128), single) : single;
    }
}
