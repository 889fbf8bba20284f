using System.Diagnostics;
using LatentSync.PageTests.Support;
using LatentSync.ServerTests.Support;
using LatentSync.TestKit;

namespace LatentSync.PageTests.Views;

/// <summary>Before and after are in step: measured in frames that the browser says it shows.</summary>
public sealed class StepTests(Browser browser, PageFixture fixture)
{
    /// <summary>
    /// Plays six seconds of 1920x1080 at 30 frames per second on both sides. Each frame of the result is compared with the frame of the
    /// source that is on the screen then.
    /// </summary>
    [Fact(Explicit = true)]
    public async Task At1080p30_WhilePlayed()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("source.mp4");
        const string arguments = "-v error -f lavfi -i testsrc2=s=1920x1080:r=30:d=8 -c:v libx264 -preset veryfast -pix_fmt yuv420p";
        using var make = Process.Start("ffmpeg", [.. arguments.Split(' '), path]);
        await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, make.ExitCode);
        var (before, after) = (await fixture.Jobs.UploadFileAsync(path), await fixture.Jobs.UploadFileAsync(path));
        var job = await fixture.Jobs.SubmitAsync(JobClient.Seed());
        await fixture.Jobs.WaitAsync(job);
        await using var visitor = await browser.VisitAsync(fixture.Server.Address);
        await visitor.OpenAsync($"/jobs/{job}");
        await visitor.Page.WaitForFunctionAsync("() => performance.getEntriesByType('resource').some((entry) => entry.name.includes('compare'))");
        var drifts = await visitor.Page.EvaluateAsync<double[]>(
            """
            async ([before, after]) => {
              const script = performance.getEntriesByType('resource').map((entry) => entry.name).find((name) => name.includes('compare'));
              const { attach } = await import(script);
              const panel = document.querySelector('.compare').cloneNode(true);
              panel.querySelector('[data-clip]').replaceChildren();
              panel.dataset.before = `/page/uploads/${before}`;
              const result = panel.querySelector('[data-view=after]');
              result.src = `/page/uploads/${after}`;
              document.querySelector('main').prepend(panel);
              attach(panel, { rate: 30, loop: 'pingpong', start: 0, mouths: [] });
              const ready = (video) => new Promise((done) => {
                const look = () => (video()?.readyState >= 4 ? done() : setTimeout(look, 50));
                look();
              });
              const source = () => panel.querySelector('[data-clip] video');
              await ready(() => result);
              await ready(source);
              await new Promise((done) => setTimeout(done, 500));
              const drifts = [];
              const shown = new Map();
              const watch = (video) => {
                const each = (now, frame) => { shown.set(video, frame.mediaTime); video.requestVideoFrameCallback(each); };
                video.requestVideoFrameCallback(each);
              };
              watch(result);
              watch(source());
              let last = -1;

              // It comes after the frames of both have been told.
              const eachPaint = () => {
                if (shown.size === 2 && shown.get(result) !== last) {
                  last = shown.get(result);
                  drifts.push(30 * (last - shown.get(source())));
                }
                requestAnimationFrame(eachPaint);
              };
              requestAnimationFrame(eachPaint);
              panel.querySelector('[data-do=play]').click();
              await new Promise((done) => { result.addEventListener('timeupdate', () => result.currentTime > 6 && done()); });
              return drifts;
            }
            """,
            new[] { before, after }
        );
        var sizes = drifts.Select(Math.Abs).Order().ToArray();
        var (median, most) = (sizes[sizes.Length / 2], sizes[(int)(0.95 * (sizes.Length - 1))]);
        var first = string.Join(' ', drifts.Take(20).Select(value => Invariant($"{value:0.0}")));
        TestContext.Current.TestOutputHelper?.WriteLine(
            Invariant($"{sizes.Length} frames: median {median:0.00}, 95th percentile {most:0.00}, worst {sizes[^1]:0.00}; the first: {first}")
        );
        Assert.InRange(most, 0, 1.05);
    }
}
