using LatentSync.Models.Download;

namespace LatentSync.Tests.Models.Download;

public class RangeSetTests
{
    private const int Length = 40;

    /// <summary>Against one flag per byte.</summary>
    [Fact]
    public void RandomRanges_AreThoseOfAFlagPerByte()
    {
        var random = new Random(3);
        for (var round = 0; round < 500; round++)
        {
            var (set, flags) = (new RangeSet(), new bool[Length]);
            for (var i = 0; i < 8; i++)
            {
                var start = random.Next(Length);
                var end = random.Next(start, Length + 1);
                set.Add(new ByteRange(start, end));
                flags.AsSpan(start, end - start).Fill(value: true);
                Assert.Equal(flags, Flags(set.Ranges, there: true));
                Assert.Equal(flags, Flags(set.Missing(Length), there: false));
                Assert.Equal(flags.Count(flag => flag), set.Total);
                Assert.All(set.Ranges.Zip(set.Ranges.Skip(1)), pair => Assert.True(pair.First.End < pair.Second.Start));
            }
        }
    }

    private static bool[] Flags(IEnumerable<ByteRange> ranges, bool there)
    {
        var flags = new bool[Length];
        Array.Fill(flags, !there);
        foreach (var range in ranges)
        {
            flags.AsSpan((int)range.Start, (int)range.Length).Fill(there);
        }

        return flags;
    }
}
