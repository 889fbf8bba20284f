namespace LatentSync.TestKit.Packing;

/// <summary>
/// Logarithm and cosine out of sums and products alone, so that every machine gives the same bits; those of the system's C library
/// differ in the last place. Good to 1e-15.
/// </summary>
internal static class ExactMath
{
    /// <summary>The natural logarithm of a positive number: ln 2 times the exponent, plus 2 artanh((m - 1) / (m + 1)) of the mantissa.</summary>
    public static double Log(double x)
    {
        const int lastPower = 25;
        const double ln2 = 0.69314718055994531;
        var exponent = Math.ILogB(x);
        var mantissa = Math.ScaleB(x, -exponent);
        if (mantissa > 1.5)
        {
            (mantissa, exponent) = (mantissa / 2, exponent + 1);
        }

        var ratio = (mantissa - 1) / (mantissa + 1);
        var sum = 0.0;
        for (var power = lastPower; power >= 1; power -= 2)
        {
            sum = (sum * ratio * ratio) + (1.0 / power);
        }

        return (2 * ratio * sum) + (exponent * ln2);
    }

    /// <summary>Sine and cosine of an angle of 0 to 7, by their power series within an eighth of a turn.</summary>
    public static (double Sin, double Cos) SinCos(double angle)
    {
        const int lastPower = 21;
        const double quarter = Math.PI / 2;
        var quarters = (int)((angle / quarter) + 0.5);
        var rest = angle - (quarters * quarter);
        double sin = 0,
            cos = 0;
        for (var power = lastPower; power >= 1; power -= 2)
        {
            sin = 1 - (sin * rest * rest / ((power + 1) * (power + 2)));
            cos = 1 - (cos * rest * rest / (power * (power + 1)));
        }

        sin *= rest;
        return (quarters % 4) switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
    }
}
