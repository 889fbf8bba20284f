namespace LatentSync;

/// <summary>A constant number of frames per second, as an exact fraction in lowest terms: from 1 to 120.</summary>
public readonly record struct FrameRate
{
    private const int Lowest = 1;
    private const int Highest = 120;

    // Of rates that are written with a point, more digits are a mistake.
    private const int MostDecimals = 6;
    private const int NtscDenominator = 1001;

    // What people write for 24000/1001 and its relatives.
    private static readonly (decimal Written, int Thousands)[] Ntsc =
    [
        (23.976m, 24),
        (23.98m, 24),
        (29.97m, 30),
        (47.952m, 48),
        (47.95m, 48),
        (59.94m, 60),
        (119.88m, 120),
    ];

    /// <summary>A rate.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not from 1 to 120.</exception>
    public FrameRate(int numerator, int denominator)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(denominator);
        ArgumentOutOfRangeException.ThrowIfLessThan(numerator, denominator);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(numerator, (long)Highest * denominator);
        var divisor = (int)System.Numerics.BigInteger.GreatestCommonDivisor(numerator, denominator);
        (Numerator, Denominator) = (numerator / divisor, denominator / divisor);
    }

    /// <summary>The rate at which the models work: 25.</summary>
    public static FrameRate Model { get; } = new(FrameSchedule.FramesPerSecond, 1);

    /// <summary>Frames in <see cref="Denominator"/> seconds; also the ticks per second in which the frames' times are whole numbers.</summary>
    public int Numerator { get; }

    /// <summary>Seconds.</summary>
    public int Denominator { get; }

    /// <summary>Frames per second.</summary>
    public double Value => (double)Numerator / Denominator;

    /// <summary>Reads <c>25</c>, <c>12.5</c> or <c>30000/1001</c>; 23.976, 29.97, 59.94 and the like mean the fractions over 1001.</summary>
    public static bool TryParse(string? text, out FrameRate rate)
    {
        rate = default;
        if (text is null)
        {
            return false;
        }

        var (numerator, denominator) = text.Split('/') switch
        {
            [var whole, var part] when Whole(whole, out var above) && Whole(part, out var below) => (above, below),
            [var number] when decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) => Fraction(value),
            _ => (0, 0),
        };
        if (denominator <= 0 || numerator < (long)Lowest * denominator || numerator > (long)Highest * denominator)
        {
            return false;
        }

        rate = new FrameRate(numerator, denominator);
        return true;

        static bool Whole(string digits, out int value) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>The text that <see cref="TryParse"/> reads.</summary>
    public override string ToString() => Denominator == 1 ? Invariant($"{Numerator}") : Invariant($"{Numerator}/{Denominator}");

    private static (int Numerator, int Denominator) Fraction(decimal value)
    {
        if (Array.Find(Ntsc, known => known.Written == value) is { Thousands: > 0 and var thousands })
        {
            return (thousands * 1000, NtscDenominator);
        }

        var denominator = 1;
        for (var digits = 0; digits < MostDecimals && value != decimal.Truncate(value); digits++)
        {
            (value, denominator) = (value * 10, denominator * 10);
        }

        return value == decimal.Truncate(value) && value <= (decimal)Highest * denominator ? ((int)value, denominator) : (0, 0);
    }
}
