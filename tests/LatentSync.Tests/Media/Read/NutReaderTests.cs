using System.Buffers.Binary;
using LatentSync.Media.Read;

namespace LatentSync.Tests.Media.Read;

/// <summary>Streams in small pieces, cut or damaged, written here by hand; those of ffmpeg are read in the end-to-end tests.</summary>
public class NutReaderTests
{
    private const int FrameLength = 24;
    private const int TicksPerSecond = 30000;

    // What a stream written here needs: time and size in each frame.
    private const int Flags = NutFrameCode.CodedPts | NutFrameCode.SizeMsb;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task PiecesOfAnyLength_MakeFramesWithTheirTimes(int piece)
    {
        long[] times = [0, 1001, 5005, 5_000_000_000];
        var reader = Reader(Stream(times), piece);
        var pixels = new byte[FrameLength];
        foreach (var (index, time) in times.Index())
        {
            Assert.Equal(time, await reader.ReadAsync(pixels, TicksPerSecond, Token));
            Assert.All(pixels, value => Assert.Equal(index + 1, value));
        }

        Assert.Null(await reader.ReadAsync(pixels, TicksPerSecond, Token));
    }

    [Fact]
    public async Task AnEmptyStream_HasNoFrame() => Assert.Null(await Reader([], 10).ReadAsync(new byte[FrameLength], TicksPerSecond, Token));

    /// <summary>Wherever a stream is cut, the frames before are read and then it is an error, or, between frames, the end.</summary>
    [Fact]
    public async Task CutAnywhere_IsNoticed()
    {
        var whole = Stream(0, 1001);
        for (var length = 1; length < whole.Length; length++)
        {
            var reader = Reader(whole[..length], 64);
            var frames = 0;
            try
            {
                while (await reader.ReadAsync(new byte[FrameLength], TicksPerSecond, Token) is not null)
                {
                    frames++;
                }
            }
            catch (EndOfStreamException)
            {
            }

            Assert.InRange(frames, 0, 1);
        }
    }

    /// <summary>Damage gives an error or other frames, never anything else.</summary>
    [Fact]
    public async Task DamagedAnywhere_NeverHangsOrCrashes()
    {
        var whole = Stream(0, 1001, 2002);
        var random = new Random(4);
        for (var round = 0; round < 3000; round++)
        {
            var damaged = (byte[])whole.Clone();
            for (var i = 0; i < 3; i++)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            var reader = Reader(damaged, 1000);
            try
            {
                for (var frames = 0; frames < 1000 && await reader.ReadAsync(new byte[FrameLength], TicksPerSecond, Token) is not null; frames++)
                {
                }
            }
            catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
            {
            }
        }
    }

    [Fact]
    public async Task AFrameOfAnotherSize_IsRefused() =>
        await Assert.ThrowsAsync<InvalidDataException>(async () => await Reader(Stream(0), 64).ReadAsync(new byte[FrameLength + 1], TicksPerSecond, Token));

    /// <summary>The header may say that frames leave out bytes at their start; more than a frame has are damage.</summary>
    [Fact]
    public async Task AFrameThatLeavesOutMoreThanItHas_IsRefused()
    {
        // As in Stream, but that each frame leaves out the 30 bytes that the header lists.
        byte[] codes = [.. Number(Flags), .. Number(8), .. Number(0), .. Number(1), .. Number(0), .. Number(0), .. Number(0), .. Number(255), .. Number(0), .. Number(1)];
        byte[] main = [.. Number(3), .. Number(1), .. Number(65536), .. Number(1), .. Number(1), .. Number(TicksPerSecond), .. codes, .. Number(1), .. Number(30), .. new byte[30]];
        byte[] track = [.. Number(0), .. Number(0), .. Number(4), .. "RGB\u0018"u8, .. Number(0), .. Number(7), .. Number(0), .. Number(0)];
        byte[] stream =
        [
            .. "nut/multimedia container\0"u8, .. Packet(0x4E4D_7A56_1F5F_04AD, main), .. Packet(0x4E53_1140_5BF2_F9DB, track),
            0, .. Number(1 << 7), .. Number(FrameLength), .. new byte[FrameLength],
        ];
        var error = await Assert.ThrowsAsync<InvalidDataException>(async () => await Reader(stream, 64).ReadAsync(new byte[FrameLength], TicksPerSecond, Token));
        Assert.Contains("leaves out more bytes", error.Message, StringComparison.Ordinal);
    }

    private static NutReader Reader(byte[] stream, int piece)
    {
        var position = 0;
        return new NutReader((buffer, _) =>
        {
            var count = Math.Min(Math.Min(piece, buffer.Length), stream.Length - position);
            stream.AsMemory(position, count).CopyTo(buffer);
            position += count;
            return ValueTask.FromResult(count);
        });
    }

    private static byte[] Stream(params long[] times)
    {
        // One frame code for all values of the first byte but N: time and size follow, the size in whole numbers.
        byte[] main = [.. Number(3), .. Number(1), .. Number(65536), .. Number(1), .. Number(1), .. Number(TicksPerSecond), .. Number(Flags), .. Number(6), .. Number(0), .. Number(1), .. Number(0), .. Number(0), .. Number(0), .. Number(255), .. Number(0)];
        byte[] track = [.. Number(0), .. Number(0), .. Number(4), .. "RGB\u0018"u8, .. Number(0), .. Number(7), .. Number(0), .. Number(0)];
        List<byte> stream = [.. "nut/multimedia container\0"u8, .. Packet(0x4E4D_7A56_1F5F_04AD, main), .. Packet(0x4E53_1140_5BF2_F9DB, track), .. Packet(0x4E4B_E4AD_EECA_4569, Number(0))];
        foreach (var (index, time) in times.Index())
        {
            // The time in full is told by adding what its last bits can say.
            stream.AddRange([0, .. Number(time + (1 << 7)), .. Number(FrameLength), .. Enumerable.Repeat((byte)(index + 1), FrameLength)]);
        }

        return [.. stream];
    }

    private static byte[] Packet(ulong startcode, byte[] body)
    {
        var code = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(code, startcode);
        return [.. code, .. Number(body.Length + 4), .. body, 0, 0, 0, 0];
    }

    private static byte[] Number(long value)
    {
        var bytes = new List<byte> { (byte)(value & 0x7F) };
        while ((value >>= 7) > 0)
        {
            bytes.Insert(0, (byte)((value & 0x7F) | 0x80));
        }

        return [.. bytes];
    }
}
