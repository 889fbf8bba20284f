using LatentSync.Media.Formats;

namespace LatentSync.Media.Read;

/// <summary>The main header of a NUT file with one stream, after NUT's open specification (nut-container, version 3).</summary>
/// <param name="TimeBases">Seconds of a tick, of each time base of the file.</param>
/// <param name="Codes">The meaning of each first byte of a frame.</param>
/// <param name="LeftOut">Bytes that frames may leave out at their start.</param>
internal sealed record NutHeader(IReadOnlyList<Rational> TimeBases, NutFrameCode[] Codes, IReadOnlyList<byte[]> LeftOut)
{
    private const int MostTimeBases = 16;
    private const int CodeCount = 256;

    // The letter that startcodes begin with is no frame.
    private const int StartcodeLetter = 'N';

    /// <summary>Parses the header.</summary>
    /// <exception cref="InvalidDataException">It is not one.</exception>
    public static NutHeader Parse(ReadOnlyMemory<byte> packet)
    {
        var fields = new NutFields(packet);
        var version = fields.Unsigned();
        if (version is < 2 or > 3)
        {
            throw new InvalidDataException(Invariant($"The frames come in version {version} of NUT."));
        }

        fields.Unsigned();
        fields.Unsigned();
        var timeBases = new Rational[fields.Unsigned(MostTimeBases)];
        for (var i = 0; i < timeBases.Length; i++)
        {
            var (numerator, denominator) = ((int)fields.Unsigned(int.MaxValue), (int)fields.Unsigned(int.MaxValue));
            timeBases[i] =
                numerator > 0 && denominator > 0
                    ? new Rational(numerator, denominator)
                    : throw new InvalidDataException("A time base of the NUT header is zero.");
        }

        var codes = ParseCodes(fields);
        List<byte[]> leftOut =
        [
            [],
        ];
        for (var count = fields.Unsigned(CodeCount); count > 0; count--)
        {
            leftOut.Add(fields.Bytes());
        }

        return new NutHeader(timeBases, codes, leftOut);
    }

    private static NutFrameCode[] ParseCodes(NutFields fields)
    {
        var codes = new NutFrameCode[CodeCount];
        var (pts, factor, header) = (0L, 1L, 0L);
        for (var i = 0; i < CodeCount; )
        {
            var flags = (int)fields.Unsigned(int.MaxValue);
            var given = fields.Unsigned(CodeCount);
            pts = given > 0 ? fields.Signed() : pts;
            factor = given > 1 ? fields.Unsigned() : factor;
            _ = given > 2 ? fields.Unsigned() : 0;
            var size = given > 3 ? fields.Unsigned() : 0;
            var reserved = given > 4 ? fields.Unsigned() : 0;
            var count = given > 5 ? fields.Unsigned() : factor - size;
            _ = given > 6 ? fields.Signed() : 0;
            header = given > 7 ? fields.Unsigned(CodeCount) : header;
            for (var more = 8; more < given; more++)
            {
                fields.Unsigned();
            }

            if (count is < 1 or > CodeCount)
            {
                throw new InvalidDataException("The frame codes of the NUT header are damaged.");
            }

            for (var j = 0; j < count && i < CodeCount; i++)
            {
                codes[i] =
                    i == StartcodeLetter
                        ? new NutFrameCode(NutFrameCode.Invalid, 0, 0, 0, 0, 0)
                        : new NutFrameCode(flags, pts, factor, size + j++, reserved, (int)header);
            }
        }

        return codes;
    }
}
