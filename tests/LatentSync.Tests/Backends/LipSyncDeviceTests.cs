namespace LatentSync.Tests.Backends;

public sealed class LipSyncDeviceTests
{
    [Theory]
    [InlineData("auto")]
    [InlineData("cpu")]
    [InlineData("cuda:0")]
    [InlineData("cuda:12")]
    public void Text_IsReadAndWritten(string text)
    {
        Assert.True(LipSyncDevice.TryParse(text, out var device));
        Assert.Equal(text, device.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("cuda")]
    [InlineData("cuda:-1")]
    [InlineData("cuda: 1")]
    [InlineData("CPU")]
    [InlineData(null)]
    public void OtherText_IsRefused(string? text) => Assert.False(LipSyncDevice.TryParse(text, out _));
}
