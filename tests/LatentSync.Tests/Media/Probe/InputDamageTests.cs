using System.Buffers.Binary;
using LatentSync.Media.Formats;
using LatentSync.Media.Probe;
using LatentSync.TestKit;

namespace LatentSync.Tests.Media.Probe;

public sealed class InputDamageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mov,mp4,m4a", 3.0, "", true, "\" is broken off: it ends at 1.48 s, though it says that it lasts 3 s; look at")]
    [InlineData("mov,mp4,m4a", 3.0, "stream 0, offset 0x652a: partial file", true, "it ends at 1.48 s, though it says that it lasts 3 s")]
    [InlineData("matroska,webm", null, "File ended prematurely", true, "\" is broken off: it ends at 1.48 s; look at")]
    [InlineData("mov,mp4,m4a", 1.5, "error while decoding MB 4 5", true, "\" is damaged: ffmpeg met errors in its first 1.48 s and continued")]
    [InlineData("mov,mp4,m4a", 3.0, "error while decoding MB 4 5", false, "\" is damaged")]
    [InlineData("mov,mp4,m4a", 1.6, "", true, null)]
    [InlineData("mov,mp4,m4a", 3.0, "", false, null)]
    [InlineData("mp3", 3.0, "", true, null)]
    [InlineData("mpegts", 3.0, "", true, null)]
    public void WhatIsWrong(string format, double? expected, string complaints, bool hasEnded, string? words)
    {
        var path = _folder.File("a");
        File.WriteAllBytes(path, new byte[100]);
        var damage = InputDamage.Of(
            path,
            format,
            TimeSpan.FromSeconds(1.48),
            hasEnded,
            expected is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            complaints
        );
        Assert.Equal(words is null, damage is null);
        Assert.Contains(words ?? "", damage?.Notice.ToString(CultureInfo.InvariantCulture) ?? "", StringComparison.Ordinal);
        if (damage is not null)
        {
            Assert.Equal((LipSyncErrorCode.InvalidInput, complaints), (damage.Error.Code, damage.Error.Detail));
        }
    }

    [Theory]
    [InlineData("RIFF", 92u, 100, false)]
    [InlineData("RIFF", 93u, 100, false)]
    [InlineData("RIFF", 94u, 100, true)]
    [InlineData("RIFF", uint.MaxValue, 100, false)]
    [InlineData("RIFF", 0u, 100, false)]
    [InlineData("OggS", 5000u, 100, false)]
    [InlineData("RIFF", 5000u, 6, false)]
    public void RiffLength_TellsWhatIsMissing(string kind, uint length, int fileLength, bool expected)
    {
        var bytes = new byte[100];
        System.Text.Encoding.ASCII.GetBytes(kind, bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), length);
        File.WriteAllBytes(_folder.File("a"), bytes[..fileLength]);
        Assert.Equal(expected, RiffLength.IsMissingBytes(_folder.File("a")));
    }
}
