using LatentSync.TestKit;

namespace LatentSync.Tests.Media.Read;

/// <summary>Streams in small pieces, cut or damaged, written here by hand; those of ffmpeg are read in the end-to-end tests.</summary>
public class NutReaderTests
{
    private const int FrameLength = NutStream.FrameLength;
    private const int TicksPerSecond = NutStream.TicksPerSecond;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task PiecesOfAnyLength_MakeFramesWithTheirTimes(int piece)
    {
        long[] times = [0, 1001, 5005, 5_000_000_000];
        var reader = NutStream.Read(NutStream.Make(times), piece);
        var pixels = new byte[FrameLength];
        foreach (var (index, time) in times.Index())
        {
            Assert.Equal(time, await reader.ReadAsync(pixels, TicksPerSecond, Token));
            Assert.All(pixels, value => Assert.Equal(index + 1, value));
        }

        Assert.Null(await reader.ReadAsync(pixels, TicksPerSecond, Token));
    }

    [Fact]
    public async Task AnEmptyStream_HasNoFrame() => Assert.Null(await NutStream.Read([], 10).ReadAsync(new byte[FrameLength], TicksPerSecond, Token));

    /// <summary>Wherever a stream is cut, the frames before are read and then it is an error, or, between frames, the end.</summary>
    [Fact]
    public async Task CutAnywhere_IsNoticed()
    {
        var whole = NutStream.Make(0, 1001);
        for (var length = 1; length < whole.Length; length++)
        {
            var reader = NutStream.Read(whole[..length], 64);
            var frames = 0;
            try
            {
                while (await reader.ReadAsync(new byte[FrameLength], TicksPerSecond, Token) is not null)
                {
                    frames++;
                }
            }
            catch (EndOfStreamException) { }

            Assert.InRange(frames, 0, 1);
        }
    }

    /// <summary>Damage gives an error or other frames, never anything else.</summary>
    [Fact]
    public async Task DamagedAnywhere_NeverHangsOrCrashes()
    {
        var whole = NutStream.Make(0, 1001, 2002);
        var random = new Random(4);
        for (var round = 0; round < 3000; round++)
        {
            var damaged = (byte[])whole.Clone();
            for (var i = 0; i < 3; i++)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            var reader = NutStream.Read(damaged, 1000);
            try
            {
                for (var frames = 0; frames < 1000 && await reader.ReadAsync(new byte[FrameLength], TicksPerSecond, Token) is not null; frames++) { }
            }
            catch (Exception error) when (error is InvalidDataException or EndOfStreamException) { }
        }
    }

    [Fact]
    public async Task AFrameOfAnotherSize_IsRefused() =>
        await Assert.ThrowsAsync<InvalidDataException>(async () =>
            await NutStream.Read(NutStream.Make(0), 64).ReadAsync(new byte[FrameLength + 1], TicksPerSecond, Token)
        );

    /// <summary>The header may say that frames leave out bytes at their start; more than a frame has are damage.</summary>
    [Fact]
    public async Task AFrameThatLeavesOutMoreThanItHas_IsRefused()
    {
        byte[] stream = [.. NutStream.Start, .. NutStream.Main(leftOut: 30), .. NutStream.Track(), .. NutStream.Frame(0, 0)];
        var error = await Assert.ThrowsAsync<InvalidDataException>(async () =>
            await NutStream.Read(stream, 64).ReadAsync(new byte[FrameLength], TicksPerSecond, Token)
        );
        Assert.Contains("leaves out more bytes", error.Message, StringComparison.Ordinal);
    }
}
