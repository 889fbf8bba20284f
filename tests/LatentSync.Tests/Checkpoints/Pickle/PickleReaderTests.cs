using System.Text;
using LatentSync.Checkpoints.Pickle;

namespace LatentSync.Tests.Checkpoints.Pickle;

public class PickleReaderTests
{
    private const int LongestText = 64 << 10;
    private const int LongestName = 256;

    /// <summary>As Python's pickle writes integers of any length: little-endian two's complement, as short as possible.</summary>
    [Theory]
    [InlineData(0, new byte[] { 0 })]
    [InlineData(255, new byte[] { 2, 0xff, 0 })]
    [InlineData(-1, new byte[] { 1, 0xff })]
    [InlineData(-128, new byte[] { 1, 0x80 })]
    [InlineData(-256, new byte[] { 2, 0, 0xff })]
    [InlineData(0x123456789a, new byte[] { 5, 0x9a, 0x78, 0x56, 0x34, 0x12 })]
    [InlineData(long.MinValue, new byte[] { 8, 0, 0, 0, 0, 0, 0, 0, 0x80 })]
    public void Long_ReadsAnyLength(long expected, byte[] bytes)
    {
        var reader = new PickleReader([.. bytes, 7], "m.pt");
        Assert.Equal(expected, reader.Long());
        Assert.Equal(7, reader.Byte());
    }

    [Fact]
    public void Long_OfNineBytes_IsRefused() => AssertRefused("more than 64 bits", [9, 0, 0, 0, 0, 0, 0, 0, 0, 0], static (ref reader) => reader.Long());

    [Fact]
    public void Numbers_HaveTheByteOrdersOfPickle()
    {
        var reader = new PickleReader([1, 2, 1, 2, 3, 0xff, 1, 2, 3, 0xff, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0], "m.pt");
        Assert.Equal(0x0201, reader.UInt16());
        Assert.Equal(unchecked((int)0xff030201), reader.Int32());
        Assert.Equal(0xff030201, reader.UInt32());
        Assert.Equal(1.5, reader.Double());
    }

    [Fact]
    public void Text_IsBounded()
    {
        var bytes = Enumerable.Repeat((byte)'x', LongestText + 1).ToArray();
        Assert.Equal(LongestText, new PickleReader(bytes, "m.pt").Text(LongestText).Length);
        AssertRefused("a text of 65537 bytes", bytes, static (ref reader) => reader.Text(LongestText + 1));
        AssertRefused("a text of 18446744073709551615 bytes", [.. Enumerable.Repeat((byte)0xff, 8)], static (ref reader) => reader.LongText());
    }

    [Fact]
    public void LongText_HasEightBytesOfLength()
    {
        var reader = new PickleReader([2, 0, 0, 0, 0, 0, 0, 0, 0xc3, 0xa9, 9], "m.pt");
        Assert.Equal("é", reader.LongText());
        Assert.Equal(9, reader.Byte());
    }

    [Fact]
    public void Text_ThatIsNotUtf8_IsRefused() => AssertRefused("not UTF-8", [0xff, 0xfe], static (ref reader) => reader.Text(2));

    [Fact]
    public void Line_EndsAtItsNewline_AndIsBounded()
    {
        var reader = new PickleReader("torch\n_utils\n"u8, "m.pt");
        Assert.Equal(("torch", "_utils"), (reader.Line(), reader.Line()));
        Assert.Equal(LongestName, new PickleReader(Encoding.ASCII.GetBytes(new string('x', LongestName) + "\n"), "m.pt").Line().Length);
        AssertRefused("cut short", Encoding.ASCII.GetBytes(new string('x', LongestName + 1) + "\n"), static (ref reader) => reader.Line());
        AssertRefused("cut short", [(byte)'x'], static (ref reader) => reader.Line());
        Assert.Equal("", new PickleReader("\n"u8, "m.pt").Line());
    }

    [Fact]
    public void Frame_HasToFitTheRest()
    {
        byte[] pickle = [2, 0, 0, 0, 0, 0, 0, 0, 5, 6];
        var reader = new PickleReader(pickle, "m.pt");
        reader.Frame();
        Assert.Equal(5, reader.Byte());
        AssertRefused("cut short", [3, .. pickle[1..]], static (ref reader) => reader.Frame());
    }

    [Fact]
    public void ReadingBeyondTheEnd_IsRefused()
    {
        AssertRefused("cut short", [], static (ref reader) => reader.Byte());
        AssertRefused("cut short", [1, 2, 3], static (ref reader) => reader.Int32());
        AssertRefused("cut short", [1, 2], static (ref reader) => reader.Text(3));
    }

    private static void AssertRefused(string expected, byte[] bytes, Read read)
    {
        var error = Assert.Throws<LipSyncException>(() =>
        {
            var reader = new PickleReader(bytes, "m.pt");
            read(ref reader);
        });
        Assert.Equal((LipSyncErrorCode.InvalidModel, "m.pt"), (error.Code, error.Path));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private delegate void Read(ref PickleReader reader);
}
