using LatentSync.Page.Options;
using LatentSync.Server.Jobs;

namespace LatentSync.Tests.Page;

public sealed class PreviewOptionsTests
{
    /// <summary>What is heard with the picture at a second of the video is the same in the preview and in the whole.</summary>
    /// <param name="options">Of the whole job: start and duration of the sound, its delay, start of the video.</param>
    /// <param name="second">Where the video stands.</param>
    /// <param name="expected">The same of the preview.</param>
    [Theory]
    [InlineData("0 - 0 0", 0, "0 3 0 0")]
    [InlineData("0 - 0 0", 12.5, "12.5 3 0 12.5")]
    [InlineData("1.5 - 0 0", 2, "3.5 3 0 2")]
    [InlineData("0 - 2 0", 0.5, "0 1.5 1.5 0.5")]
    [InlineData("0 - 2 0", 4, "2 3 0 4")]
    [InlineData("0 - 9 0", 0, "0 0.1 2.9 0")]
    [InlineData("0 - 0 10", 12, "2 3 0 12")]
    [InlineData("0 - 0 10", 3, "0 3 0 10")]
    [InlineData("1 5 1 2", 7, "5 1 0 7")]
    public void ThePart_LiesAsInTheWhole(string options, double second, string expected)
    {
        var form = Form(options);
        var preview = PreviewOptions.Of(form, second, soundSecond: 0);
        Assert.Equal(expected, string.Join(' ', Names.Select(name => preview.GetValueOrDefault(name, "0"))));
    }

    [Fact]
    public void APicture_SpeaksFromWhereTheSoundStands()
    {
        var preview = PreviewOptions.Of(Form("1 - 0 0"), videoSecond: null, soundSecond: 4);
        Assert.Equal(("4", "3"), (preview[JobForm.AudioStart], preview[JobForm.AudioDuration]));
        Assert.DoesNotContain(JobForm.VideoStart, preview.Keys);
    }

    [Fact]
    public void AfterTheSound_IsASentence()
    {
        var error = Assert.Throws<RequestException>(() => PreviewOptions.Of(Form("0 5 0 0"), videoSecond: 6, soundSecond: 0));
        Assert.Contains("move the video back", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatBelongsToTheWhole_IsLeftOut_TheRestStays()
    {
        var form = Form("0 - 0 0");
        form[JobForm.Length] = "video";
        form[JobForm.SilentPadding] = "3";
        form[JobForm.Face] = "point:10,20@77";
        form["inference_steps"] = "8";
        var preview = PreviewOptions.Of(form, 1, 0);
        Assert.Equal(("point:10,20", "8"), (preview[JobForm.Face], preview["inference_steps"]));
        Assert.DoesNotContain(JobForm.Length, preview.Keys);
        Assert.DoesNotContain(JobForm.SilentPadding, preview.Keys);
    }

    [Theory]
    [InlineData("0 - 0 0", "audio", "pingpong", 10)]
    [InlineData("2 - 0 0", "audio", "pingpong", 8)]
    [InlineData("2 3 1 0", "audio", "loop", 4)]
    [InlineData("0 - 0 0", "audio", "trim", 6)]
    [InlineData("0 - 0 2", "audio", "trim", 4)]
    [InlineData("0 - 0 2", "video", "pingpong", 4)]
    public void ResultSeconds_OfSixSecondsOfVideo_AndTenOfSound(string options, string length, string loop, double expected)
    {
        var form = Form(options);
        (form[JobForm.Length], form[JobForm.Loop]) = (length, loop);
        Assert.Equal(expected, form.ResultSeconds(video: 6, audio: 10), 9);
    }

    private static readonly string[] Names = [JobForm.AudioStart, JobForm.AudioDuration, JobForm.AudioDelay, JobForm.VideoStart];

    private static JobForm Form(string options)
    {
        var form = new JobForm();
        foreach (var (name, value) in Names.Zip(options.Split(' ')))
        {
            form[name] = value is "-" or "0" ? string.Empty : value;
        }

        return form;
    }
}
