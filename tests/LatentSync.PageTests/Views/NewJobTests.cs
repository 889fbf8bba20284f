using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LatentSync.PageTests.Support;
using LatentSync.TestKit;
using Microsoft.Playwright;

namespace LatentSync.PageTests.Views;

/// <summary>What is chosen before a job: whose mouth, which part, how long, from where a preview.</summary>
public sealed partial class NewJobTests(Browser browser, PageFixture fixture)
{
    private static readonly string Video = Path.Combine(RepositoryFolder.Path, "samples", "head.mp4");
    private static readonly string Sound = Path.Combine(RepositoryFolder.Path, "samples", "voice.wav");

    [Fact]
    public async Task AFace_IsChosenByABoxOnTheVideo()
    {
        await using var visitor = await StartAsync();
        var page = visitor.Page;
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Choose face 1" })).ToHaveClassAsync("chosen");
        var second = page.GetByRole(AriaRole.Button, new() { Name = "Choose face 2" });

        // Within the picture, where the engine said it is: the player's picture is square.
        var (box, player) = ((await second.BoundingBoxAsync())!, (await page.Locator("[data-kind=video] video").BoundingBoxAsync())!);
        var left = player.X + ((player.Width - player.Height) / 2);
        Assert.InRange(box.X, left + (player.Height * 0.5) - 4, left + (player.Height * 0.65));
        Assert.InRange(box.Y, player.Y + (player.Height * 0.2), player.Y + (player.Height * 0.3));
        await second.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Radio, new() { NameString = "Face 2, frame 0 2" })).ToBeCheckedAsync();
        await SubmitAsync(page);
        Assert.Equal("point:48,32@0", (string?)(await OptionsAsync(page))["face"]);
        visitor.AssertQuiet();
    }

    [Fact]
    public async Task AFace_LikeThatOfAPicture()
    {
        await using var visitor = await StartAsync();
        var page = visitor.Page;
        await page.GetByText("Somebody of a picture").ClickAsync();
        var png = new FilePayload
        {
            Name = "person.png",
            MimeType = "image/png",
            Buffer = await page.Locator("[data-kind=video] video").ScreenshotAsync(),
        };
        await page.SetInputFilesAsync("[data-kind=face] input", png);
        await Assertions.Expect(page.GetByRole(AriaRole.Radio, new() { Name = "The person of the picture" })).ToBeCheckedAsync();
        await visitor.AssertAccessibleAsync();
        await SubmitAsync(page);
        Assert.StartsWith("like:upl_", (string?)(await OptionsAsync(page))["face"], StringComparison.Ordinal);
        visitor.AssertQuiet();
    }

    [Fact]
    public async Task APreview_HasThreeSecondsFromWhereTheVideoStands()
    {
        await using var visitor = await StartAsync();
        var page = visitor.Page;
        await page.GetByLabel("Delay of the sound").FillAsync("0.5");
        await page.GetByLabel("Delay of the sound").BlurAsync();
        await page.EvaluateAsync("() => { document.querySelector('[data-kind=video] video').currentTime = 2; }");
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview three seconds" }).ClickAsync();
        await Assertions.Expect(page.Locator(".preview .chip")).ToHaveTextAsync("Done");
        await page.GetByRole(AriaRole.Link, new() { Name = "History" }).ClickAsync();
        await page.Locator(".jobs a").First.ClickAsync();
        await Assertions.Expect(page.Locator("pre").First).ToBeAttachedAsync();
        var options = await OptionsAsync(page);
        Assert.Equal((2.0, 1.5, 3.0), ((double)options["video_start"]!, (double)options["audio_start"]!, (double)options["audio_duration"]!));
        Assert.Null(options["audio_delay"]);
    }

    [Fact]
    public async Task APreview_IsForgottenWhenTheWholeIsMade()
    {
        await using var visitor = await StartAsync();
        var page = visitor.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview three seconds" }).ClickAsync();
        await Assertions.Expect(page.Locator(".preview .chip")).ToHaveTextAsync("Done");
        var address = await page.Locator(".preview [data-view=after]").GetAttributeAsync("src");
        await SubmitAsync(page);
        using var answer = await fixture.Server.Client.GetAsync(
            address!.Replace("/result", string.Empty, StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
    }

    /// <summary>Drags the right end of the waveform to its middle; the field follows, and the part is what is submitted.</summary>
    [Fact]
    public async Task TheSound_IsTrimmedByDragging()
    {
        await using var visitor = await StartAsync();
        var page = visitor.Page;
        var wave = (await page.Locator(".wave").BoundingBoxAsync())!;
        var middle = wave.Y + (wave.Height / 2);
        await page.Mouse.MoveAsync(wave.X + wave.Width - 2, middle);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(wave.X + (wave.Width * 0.75f), middle, new MouseMoveOptions { Steps = 8 });
        await page.Mouse.MoveAsync(wave.X + (wave.Width / 2), middle, new MouseMoveOptions { Steps = 8 });
        await page.Mouse.UpAsync();
        var field = page.GetByLabel("Duration of the sound");
        await Assertions.Expect(field).ToHaveValueAsync(DuringThree());
        await page.GetByRole(AriaRole.Slider, new() { Name = "When the sound begins" }).FillAsync("1.2");
        await Assertions.Expect(page.GetByLabel("Delay of the sound")).ToHaveValueAsync("1.2");
        await SubmitAsync(page);
        var options = await OptionsAsync(page);
        Assert.InRange((double)options["audio_duration"]!, 2.9, 3.3);
        Assert.Equal(1.2, (double)options["audio_delay"]!);
    }

    [Fact]
    public async Task LengthAndLoop_AreDrawings()
    {
        await using var visitor = await StartAsync();
        var page = visitor.Page;
        await page.GetByText("stands still").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Radio, new() { Name = "stands still" })).ToBeCheckedAsync();
        await page.GetByText("As long as the video").ClickAsync();
        await Assertions.Expect(page.GetByText("stands still")).ToHaveCountAsync(0);
        await page.GetByText("As long as the sound").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Radio, new() { Name = "stands still" })).ToBeCheckedAsync();
        await SubmitAsync(page);
        var options = await OptionsAsync(page);
        Assert.Equal("freeze", (string?)options["loop"]);
        Assert.Null(options["length"]);
    }

    [Fact]
    public async Task SpeechIsMarked_OnTheWaveform()
    {
        await using var visitor = await StartAsync();

        // In the shadow of wavesurfer's element; the engine told one pause, from 0.5 to 1.5 s.
        await visitor.Page.WaitForFunctionAsync(
            """
            () => {
              const root = document.querySelector('.wave > div')?.shadowRoot;
              return root?.querySelectorAll('.speech').length === 2;
            }
            """
        );
        visitor.AssertQuiet();
    }

    /// <summary>Chromium's own microphone of tests beeps.</summary>
    [Fact]
    public async Task TheMicrophone_GivesASound()
    {
        await using var visitor = await browser.VisitAsync(fixture.Server.Address);
        var page = visitor.Page;
        await visitor.Context.GrantPermissionsAsync(["microphone"]);
        await visitor.OpenAsync("/");
        var record = page.GetByRole(AriaRole.Button, new() { Name = "Record with the microphone" });
        await record.ClickAsync();
        await Assertions.Expect(record).ToHaveAttributeAsync("aria-pressed", "true");
        await page.WaitForTimeoutAsync(1200);
        await record.ClickAsync();
        await Assertions.Expect(page.Locator("#audio-status")).ToContainTextAsync("recording.webm");
        await Assertions.Expect(page.Locator("#audio-status")).ToContainTextAsync("Uploaded");
        await Assertions.Expect(page.Locator(".wave")).ToBeVisibleAsync();
        visitor.AssertQuiet();
    }

    [GeneratedRegex(@"^(2\.9|3\.)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DuringThree();

    private static async Task SubmitAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the video" }).ClickAsync();
        await Assertions.Expect(page.Locator(".state .chip")).ToHaveTextAsync("Done");
    }

    private async Task<JsonObject> OptionsAsync(IPage page)
    {
        var job = await fixture.Jobs.GetAsync(page.Url.Split('/')[^1]);
        return (JsonObject)job["options"]!;
    }

    /// <summary>The sample head and voice, looked at by the test engine, which finds two faces.</summary>
    private async Task<Visitor> StartAsync()
    {
        var visitor = await browser.VisitAsync(fixture.Server.Address);
        await visitor.OpenAsync("/");
        await visitor.Page.SetInputFilesAsync("[data-kind=video] input", Video);
        await visitor.Page.SetInputFilesAsync("[data-kind=audio] input", Sound);
        await Assertions.Expect(visitor.Page.GetByText("The mouth can be painted")).ToBeVisibleAsync();
        return visitor;
    }
}
