namespace LatentSync.Media.Formats;

/// <summary>An exact fraction: a frame rate in frames per second, or the shape of a pixel. Both terms are positive.</summary>
internal readonly record struct Rational
{
    /// <summary>A fraction in lowest terms.</summary>
    public Rational(int numerator, int denominator)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(numerator);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(denominator);
        var divisor = GreatestCommonDivisor(numerator, denominator);
        Numerator = numerator / divisor;
        Denominator = denominator / divisor;
    }

    public int Numerator { get; }

    public int Denominator { get; }

    public double Value => (double)Numerator / Denominator;

    /// <summary>The fraction turned upside down.</summary>
    public Rational Inverse => new(Denominator, Numerator);

    /// <summary>Reads <c>30000/1001</c> or <c>16:15</c>; null for anything that is not a positive fraction, such as ffprobe's <c>0/0</c>.</summary>
    public static Rational? Parse(string? text)
    {
        var split = text?.IndexOfAny(['/', ':']) ?? -1;
        return
            split > 0
            && int.TryParse(text.AsSpan(0, split), NumberStyles.None, CultureInfo.InvariantCulture, out var numerator)
            && int.TryParse(text.AsSpan(split + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var denominator)
            && numerator > 0
            && denominator > 0
            ? new Rational(numerator, denominator)
            : null;
    }

    /// <summary>The form ffmpeg takes, such as <c>30000/1001</c>.</summary>
    public override string ToString() => Invariant($"{Numerator}/{Denominator}");

    private static int GreatestCommonDivisor(int a, int b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a;
    }
}
