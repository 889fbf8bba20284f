using System.Text;

namespace LatentSync.TestKit;

/// <summary>
/// Numbers that any language can make again from a name: FNV-1a of the name in ASCII is h; number i is a 32-bit mix of
/// 0x9E3779B1 i + h (xor with itself shifted right by 16, times 0x7FEB352D, by 15, times 0x846CA68B, by 16), as -1..1.
/// </summary>
internal static class Formula
{
    private const uint FnvOffset = 2166136261;
    private const uint FnvPrime = 16777619;

    /// <summary>The first numbers of a name, times <paramref name="scale"/>, plus <paramref name="shift"/>.</summary>
    public static float[] Numbers(string name, long count, double scale = 1, double shift = 0)
    {
        var seed = Encoding.ASCII.GetBytes(name).Aggregate(FnvOffset, (hash, letter) => unchecked((hash ^ letter) * FnvPrime));
        var numbers = new float[count];
        for (uint i = 0; i < numbers.Length; i++)
        {
            numbers[i] = (float)(shift + (scale * ((2 * (Mix(unchecked((i * 0x9E3779B1) + seed)) / 4294967296.0)) - 1)));
        }

        return numbers;
    }

    private static uint Mix(uint value)
    {
        unchecked
        {
            value = (value ^ (value >> 16)) * 0x7FEB352D;
            value = (value ^ (value >> 15)) * 0x846CA68B;
            return value ^ (value >> 16);
        }
    }
}
