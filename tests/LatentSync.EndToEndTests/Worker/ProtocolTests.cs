using System.Text;
using System.Text.Json.Nodes;

namespace LatentSync.EndToEndTests.Worker;

/// <summary>docs/worker-protocol.md over real pipes, and hosts that break it.</summary>
public class ProtocolTests
{
    private static readonly byte[] Picture = [255, 0, 0, 0, 255, 0];

    [Fact]
    public async Task Example_RunsAsInTheDocument()
    {
        using var worker = WorkerHost.Start();
        worker.Send(new JsonObject { ["type"] = "hello", ["protocol"] = 1 });
        var hello = (await worker.ReceiveAsync()).Json!;
        Assert.Equal(("hello", 1), ((string?)hello["event"], (int)hello["protocol"]!));
        Assert.Equal(["masks", "faces", "pull_model", "segments", "score", "memory"], hello["features"]!.AsArray().Select(feature => (string?)feature));
        worker.Frame = _ => Picture;
        worker.Send(PassThrough());
        worker.SendSound(new float[1280]);
        var result = await worker.FinishAsync();
        Assert.Equal(("result", 2, 1280), ((string?)result["event"], (int)result["frames"]!, (int)result["samples"]!));
        Assert.Equal([Picture, Picture], worker.Frames.Cast<byte[]>());
        Assert.Equal((0, string.Empty), await worker.ExitAsync());
    }

    [Fact]
    public async Task KeptWorker_TakesJobAfterJobAndEndsWithItsInput()
    {
        using var worker = await WorkerHost.GreetedAsync();
        for (var job = 0; job < 3; job++)
        {
            worker.Frame = _ => Picture;
            worker.Send(PassThrough(keep: true));
            worker.SendSound(new float[1000]);
            worker.SendSound(new float[280]);
            Assert.Equal("result", (string?)(await worker.FinishAsync())["event"]);
        }

        worker.CloseInput();
        Assert.Equal(0, (await worker.ExitAsync()).ExitCode);
    }

    [Fact]
    public async Task PingPong_IsAskedForInItsOrder()
    {
        const int Source = 13;
        const int Shown = 60;
        using var worker = await WorkerHost.GreetedAsync();
        worker.Frame = index => [(byte)index, 0, 0, 0, 0, 0];
        worker.Send(PassThrough(frames: Source, samples: Shown * 640));
        worker.SendSound(new float[Shown * 640]);
        Assert.Equal("result", (string?)(await worker.FinishAsync())["event"]);
        var schedule = Enumerable.Range(0, Shown).Select(frame => frame % (2 * Source)).Select(place => place < Source ? place : (2 * Source) - 1 - place);
        Assert.Equal(schedule, worker.Frames.Cast<byte[]>().Select(frame => (int)frame[0]));
    }

    [Fact]
    public async Task OtherVersion_IsRefusedInWords()
    {
        using var worker = WorkerHost.Start();
        worker.Send(new JsonObject { ["type"] = "hello", ["protocol"] = 2 });
        Assert.Equal("hello", (string?)(await worker.ReceiveAsync()).Json!["event"]);
        await AssertBrokenAsync(worker, "version 2");
    }

    [Theory]
    [InlineData("X", "unknown type 88")]
    [InlineData("J\u00ff\u00ff\u00ff\u007f", "at most 1048576")]
    [InlineData("F\u00ff\u00ff\u00ff\u00ff", "at most 201326592")]
    [InlineData("J\u0002\0\0\0{]", "cannot be read")]
    [InlineData("J\u0004\0\0\0null", "null")]
    [InlineData("J\u0002\0\0\0[]", "cannot be read")]
    [InlineData("J\u000f\0\0\0{\"type\":\"dance\"}", "cannot be read")]
    public async Task Garbage_IsAnErrorAndTheEnd(string latin1, string sentence)
    {
        using var worker = await WorkerHost.GreetedAsync();
        worker.SendRaw(Encoding.Latin1.GetBytes(latin1.PadRight(5)));
        await AssertBrokenAsync(worker, sentence);
    }

    [Fact]
    public async Task InputThatEndsWithinAMessage_IsAnErrorAndTheEnd()
    {
        using var worker = await WorkerHost.GreetedAsync();
        worker.SendRaw("J\u0010\0\0\0{"u8);
        worker.CloseInput();
        await AssertBrokenAsync(worker, "ended within");
    }

    [Fact]
    public async Task MessagesOutOfTurn_AreErrors()
    {
        await AssertAsync("first message", worker => worker.Send(new JsonObject { ["type"] = "hello", ["protocol"] = 1 }));
        await AssertAsync("runs already", worker =>
        {
            worker.Send(PassThrough(keep: true));
            worker.Send(PassThrough(keep: true));
        });
        await AssertAsync("not asked for", worker =>
        {
            worker.Send(PassThrough());
            worker.Send('F', Picture);
        });
        await AssertAsync("samples of 4 bytes are left", worker =>
        {
            worker.Send(PassThrough());
            worker.SendSound(new float[1281]);
        });
        await AssertAsync("samples of 4 bytes are left", worker =>
        {
            worker.Send(PassThrough());
            worker.Send('A', new byte[3]);
        });
        await AssertAsync("loudness", worker =>
        {
            var job = PassThrough();
            job["settings"]!["loudness"] = 11;
            worker.Send(job);
        });

        static async Task AssertAsync(string sentence, Action<WorkerHost> act)
        {
            using var worker = await WorkerHost.GreetedAsync();
            act(worker);
            await AssertBrokenAsync(worker, sentence);
        }
    }

    [Fact]
    public async Task FrameOfAnotherSize_IsAnError()
    {
        using var worker = await WorkerHost.GreetedAsync();
        worker.Frame = _ => [1, 2, 3];
        worker.Send(PassThrough());
        worker.SendSound(new float[1280]);
        var error = await worker.FinishAsync();
        Assert.Equal("protocol", (string?)error["kind"]);
        Assert.Contains("3 bytes", (string?)error["message"], StringComparison.Ordinal);
        Assert.Equal(2, (await worker.ExitAsync()).ExitCode);
    }

    [Theory]
    [InlineData("width", 0)]
    [InlineData("height", 8193)]
    [InlineData("frames", -1)]
    [InlineData("samples", int.MaxValue)]
    [InlineData("sample_rate", 1)]
    public async Task SizesNobodyHasMemoryFor_AreRefusedAndTheWorkerGoesOn(string name, int value)
    {
        using var worker = await WorkerHost.GreetedAsync("zh");
        var job = PassThrough(keep: true);
        job[name] = value;
        worker.Send(job);
        worker.SendSound(new float[1280]);
        var error = await worker.FinishAsync();
        Assert.Equal(("error", "invalid_input", "输入无法使用"), ((string?)error["event"], (string?)error["kind"], (string?)error["title"]));
        worker.Frame = _ => Picture;
        worker.Send(PassThrough());
        worker.SendSound(new float[1280]);
        Assert.Equal("result", (string?)(await worker.FinishAsync())["event"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SilentHost_IsGivenUp(bool inJob)
    {
        using var worker = await WorkerHost.GreetedAsync(idleSeconds: 0.5);
        if (inJob)
        {
            // The sound never comes.
            worker.Send(PassThrough(keep: true));
        }

        Assert.Equal(0, (await worker.ExitAsync()).ExitCode);
    }

    [Fact]
    public async Task Cancel_EndsAJobThatWaitsAndMeansNothingWithoutOne()
    {
        using var worker = await WorkerHost.GreetedAsync();
        worker.Send(new JsonObject { ["type"] = "cancel" });
        worker.Send(PassThrough(keep: true));
        worker.Send(new JsonObject { ["type"] = "cancel" });
        Assert.Equal("cancelled", (string?)(await worker.FinishAsync())["event"]);

        // What was under way is passed over.
        worker.SendSound(new float[1280]);
        worker.Send('F', Picture);
        worker.Frame = _ => Picture;
        worker.Send(PassThrough());
        worker.SendSound(new float[1280]);
        Assert.Equal("result", (string?)(await worker.FinishAsync())["event"]);
    }

    private static JsonObject PassThrough(int frames = 1, int samples = 1280, bool keep = false) =>
        new()
        {
            ["type"] = "sync_frames",
            ["width"] = 2,
            ["height"] = 1,
            ["frames"] = frames,
            ["samples"] = samples,
            ["sample_rate"] = 16000,
            ["keep_model"] = keep,
            ["settings"] = new JsonObject { ["pass_through"] = true },
        };

    private static async Task AssertBrokenAsync(WorkerHost worker, string sentence)
    {
        var error = await worker.FinishAsync();
        Assert.Equal(("error", "protocol"), ((string?)error["event"], (string?)error["kind"]));
        Assert.Contains(sentence, (string?)error["message"], StringComparison.Ordinal);
        Assert.Equal((2, string.Empty), await worker.ExitAsync());
    }
}
