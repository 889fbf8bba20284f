using LatentSync.Cli.Commands;
using LatentSync.FrontEnd.Options;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Tests.FrontEnd;

public class PrecisionTests
{
    [Theory]
    [InlineData(DevicePrecision.Float16)]
    [InlineData(DevicePrecision.Float16, "--precision", "float16")]
    [InlineData(DevicePrecision.BFloat16, "--precision", "bfloat16")]
    [InlineData(DevicePrecision.BFloat16, "--precision=BFloat16", "--float32=false")]
    [InlineData(DevicePrecision.Float32, "--precision", "float32")]
    [InlineData(DevicePrecision.Float32, "--float32")]
    [InlineData(DevicePrecision.Float32, "--float32", "--precision", "float32")]
    [InlineData(DevicePrecision.Float16, "--float32=false")]
    public void Precision_IsThatOfTheEngine(DevicePrecision expected, params string[] options)
    {
        var command = new SyncCommand();
        string[] job = ["--video", "a.mp4", "--audio", "a.wav", "--out", "b.mp4"];
        var parsed = command.Parse([.. job, .. options]);
        Assert.Empty(parsed.Errors);
        var engine = command.ReadEngine(parsed, "model");
        Assert.Equal(expected, engine.Precision);

        // As an interrupted job resumes.
        var kept = EngineArguments.Of(engine).Where(option => option.Key == nameof(engine.Precision));
        var again = command.Parse([.. job, .. kept.Select(option => $"{OptionNames.Flag(option.Key)}={option.Value}")]);
        Assert.Equal(expected, command.ReadEngine(again, "model").Precision);
    }

    [Theory]
    [InlineData("--precision is fp16; it must be float16, bfloat16 or float32.", "--precision", "fp16")]
    [InlineData("--precision is 1; it must be float16, bfloat16 or float32.", "--precision", "1")]
    [InlineData("--float32 contradicts --precision bfloat16; leave one of them out.", "--precision", "bfloat16", "--float32")]
    [InlineData("--float32 contradicts --precision float16; leave one of them out.", "--precision", "float16", "--float32")]
    public void WrongValues_AreSaid(string sentence, params string[] options)
    {
        Assert.Equal(sentence, Assert.Single(new BenchCommand().Parse(options).Errors).Message);
        var errors = new SyncCommand().Parse(["--video", "a.mp4", "--audio", "a.wav", "--out", "b.mp4", .. options]).Errors;
        Assert.Equal(sentence, Assert.Single(errors).Message);
    }

    /// <summary>Hosts of before there was a choice of three say float32.</summary>
    [Theory]
    [InlineData("float32", "true", DevicePrecision.Float32)]
    [InlineData("float32", "false", DevicePrecision.Float16)]
    [InlineData("precision", "bfloat16", DevicePrecision.BFloat16)]
    public void NamedOptions_HaveBoth(string name, string value, DevicePrecision expected)
    {
        var options = new NamedOptions(new JobCommand(isOfFiles: false));
        var parsed = options.Parse([KeyValuePair.Create(name, value)]);
        Assert.Empty(parsed.Errors);
        Assert.Equal(expected, options.Command.ReadEngine(parsed, "model").Precision);
    }
}
