namespace LatentSync.Pipeline.Segments;

/// <summary>
/// The lists of an analysis file: when the video shows its frames, what is done to them, and which of them the result shows when.
/// Each entry takes a byte at least, so what is read takes no more memory than a few times the file.
/// </summary>
internal static class AnalysisLists
{
    private const int BitsPerByte = 7;
    private const byte MoreMark = 0x80;
    private const int MostBits = 63;

    /// <summary>Appends the lists.</summary>
    public static void Write(List<byte> bytes, StoredAnalysis analysis)
    {
        for (var frame = 1; frame <= analysis.Video.Count; frame++)
        {
            WriteNumber(bytes, analysis.Video[frame] - analysis.Video[frame - 1]);
        }

        bytes.AddRange(analysis.Plans.Bytes);
        var before = new FrameMoment(-1, 0);
        foreach (var frame in analysis.Order)
        {
            WriteSigned(bytes, frame.Source - before.Source - 1);
            WriteNumber(bytes, frame.Start - before.Start);
            before = frame;
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="header">What is known of the lists; its numbers are above 0.</param>
    /// <param name="bytes">The lists and nothing else.</param>
    /// <returns>Null if it is anything else.</returns>
    public static (FrameTimes Video, StoredPlans Plans, IReadOnlyList<FrameMoment> Order)? Read(AnalysisHeader header, ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        if (header.VideoFrames > span.Length || header.PlanBytes > span.Length)
        {
            return null;
        }

        var (starts, start, at) = (new long[header.VideoFrames], 0L, 0);
        for (var frame = 0; frame < starts.Length; frame++)
        {
            starts[frame] = start;
            if (!TryReadNumber(span, ref at, out var step) || step == 0 || (start += step) < 0)
            {
                return null;
            }
        }

        if (header.PlanBytes > span.Length - at || StoredPlans.Parse(bytes.Slice(at, header.PlanBytes), starts.Length) is not { } plans)
        {
            return null;
        }

        return ReadOrder(span[(at + header.PlanBytes)..], starts) is { Count: > 0 } order
            ? (FrameTimes.Create(header.TicksPerSecond, starts, start), plans, order)
            : null;
    }

    private static List<FrameMoment>? ReadOrder(ReadOnlySpan<byte> bytes, long[] starts)
    {
        var (order, before) = (new List<FrameMoment>(), new FrameMoment(-1, 0));
        for (var at = 0; at < bytes.Length; )
        {
            if (!TryReadSigned(bytes, ref at, out var source) || !TryReadNumber(bytes, ref at, out var step))
            {
                return null;
            }

            var frame = new FrameMoment((int)Math.Clamp(before.Source + 1 + source, -1, starts.Length), before.Start + step);
            if (frame.Source < 0 || frame.Source >= starts.Length || frame.Start < 0 || (order.Count == 0 ? frame.Start != 0 : step == 0))
            {
                return null;
            }

            order.Add(frame);
            before = frame;
        }

        return order;
    }

    /// <summary>The sign is the lowest bit.</summary>
    private static void WriteSigned(List<byte> bytes, long value) => WriteNumber(bytes, value < 0 ? (-value * 2) - 1 : value * 2);

    private static void WriteNumber(List<byte> bytes, long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        for (; value >= MoreMark; value >>= BitsPerByte)
        {
            bytes.Add((byte)(value | MoreMark));
        }

        bytes.Add((byte)value);
    }

    private static bool TryReadSigned(ReadOnlySpan<byte> bytes, ref int at, out long value)
    {
        var isRead = TryReadNumber(bytes, ref at, out value);
        value = (value & 1) == 0 ? value / 2 : -(value / 2) - 1;
        return isRead;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> bytes, ref int at, out long value)
    {
        value = 0;
        for (var bits = 0; bits < MostBits && at < bytes.Length; bits += BitsPerByte)
        {
            var next = bytes[at++];
            value |= (long)(next & ~MoreMark) << bits;
            if (next < MoreMark)
            {
                return true;
            }
        }

        return false;
    }
}
