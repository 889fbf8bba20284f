using LatentSync.FrontEnd.Options;

namespace LatentSync.Tests.FrontEnd;

public class NamedOptionsTests
{
    /// <summary>A value out of a file or from a host is no file with more arguments either.</summary>
    [Theory]
    [InlineData("@jobs.mp4")]
    [InlineData("@")]
    [InlineData("--json")]
    [InlineData("a b.mp4")]
    public void Values_AreTakenAsTheyAre(string path)
    {
        var options = new NamedOptions(new JobCommand());
        var parsed = options.Parse([
            new("video", path),
            new("audio", "@sound.wav"),
            new("out", "@out.mp4"),
            new("models", "@models"),
            new("face", "like:@anna.jpg"),
        ]);
        Assert.Empty(parsed.Errors);
        var request = options.Command.ReadRequest(parsed.CommandResult);
        Assert.Equal((path, "@sound.wav", "@out.mp4"), (request.Video, request.Audio, request.Output));
    }
}
