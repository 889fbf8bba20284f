using System.Runtime.Intrinsics;

namespace LatentSync.Imaging;

/// <summary>
/// The cubic convolution kernel of Keys (1981) with a = -0.5, which is zero beyond a distance of 2; PyTorch's bicubic
/// resize with antialiasing uses it, widened by the scale when an image shrinks.
/// </summary>
internal static class CubicKernel
{
    /// <summary>The distance from which on the kernel is zero.</summary>
    public const int Radius = 2;

    /// <summary>The kernel at a distance of either sign.</summary>
    public static double Evaluate(double distance)
    {
        var x = Math.Abs(distance);
        return x switch
        {
            < 1 => (((1.5 * x) - 2.5) * x * x) + 1,
            < Radius => (((((-0.5 * x) + 2.5) * x) - 4) * x) + 2,
            _ => 0,
        };
    }

    /// <summary>The kernel at eight distances.</summary>
    public static Vector256<float> Evaluate(Vector256<float> distance)
    {
        var x = Vector256.Abs(distance);
        var inner = (((x * 1.5f) - Vector256.Create(2.5f)) * x * x) + Vector256<float>.One;
        var outer = ((((Vector256.Create(2.5f) - (x * 0.5f)) * x) - Vector256.Create(4f)) * x) + Vector256.Create(2f);
        return Vector256.ConditionalSelect(
            Vector256.LessThan(x, Vector256<float>.One),
            inner,
            Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256.Create((float)Radius)), outer, Vector256<float>.Zero)
        );
    }
}
