using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace LatentSync.TestEngine;

/// <summary>The conversation with one host.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The source of the cancellation has no timer and no link, so nothing to free.")]
internal sealed class Session(Stream input, Stream output, EngineArguments arguments)
{
    private const int HeaderLength = 5;
    private const int FramesPerSegment = 250;
    private const double SecondsPerSegment = 10;
    private const int Steps = 10;
    private const int CrashCode = 134;
    private const long CardBytes = 24L << 30;
    private const long StepBytes = 1L << 30;

    private static readonly TimeSpan s_slowScore = TimeSpan.FromSeconds(30);

    private readonly Channel<JsonObject> _jobs = Channel.CreateUnbounded<JsonObject>();
    private readonly Lock _gate = new();
    private CancellationTokenSource _stop = new();
    private TimeSpan _scoreTime;

    /// <summary>Serves until the input ends.</summary>
    public async Task<int> RunAsync()
    {
        // A fault of this program ends it, as the real one.
        var working = Task.Run(WorkAsync);
        _ = working.ContinueWith(task => Environment.FailFast(task.Exception!.ToString()), TaskContinuationOptions.OnlyOnFaulted);
        while (await ReadAsync() is { } message)
        {
            switch ((string?)message["type"])
            {
                case "hello":
                    Write(
                        new JsonObject
                        {
                            ["event"] = "hello",
                            ["protocol"] = 1,
                            ["version"] = arguments.Version,
                            ["features"] = new JsonArray("segments", "score", "memory"),
                        }
                    );
                    break;
                case "cancel":
                    await _stop.CancelAsync();
                    break;
                default:
                    await _jobs.Writer.WriteAsync(message);
                    break;
            }
        }

        // As the real engine: the end of the input cancels the job.
        await _stop.CancelAsync();
        _jobs.Writer.Complete();
        await working.WaitAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;
    }

    private async Task WorkAsync()
    {
        await foreach (var job in _jobs.Reader.ReadAllAsync())
        {
            _stop = new CancellationTokenSource();
            try
            {
                Write(await DoAsync(job, Behaviour.Of(job), _stop.Token));
            }
            catch (OperationCanceledException)
            {
                Write(new JsonObject { ["event"] = "cancelled" });
            }
            catch (Refusal refusal)
            {
                Write(
                    new JsonObject
                    {
                        ["event"] = "error",
                        ["code"] = 3,
                        ["kind"] = refusal.Kind,
                        ["message"] = refusal.Message,
                    }
                );
            }
            catch (IOException error)
            {
                Write(
                    new JsonObject
                    {
                        ["event"] = "error",
                        ["code"] = 6,
                        ["kind"] = "output_failed",
                        ["message"] = error.Message,
                    }
                );
            }
        }
    }

    private async Task<JsonObject> DoAsync(JsonObject job, Behaviour behaviour, CancellationToken cancellationToken) =>
        (string?)job["type"] switch
        {
            "analyze" => Analyze(job, behaviour),
            "sync_segment" => await SegmentAsync(job, behaviour, cancellationToken),
            "join" => Join(job),
            "score" => await ScoreAsync(cancellationToken),
            var type => throw new Refusal("protocol", $"There is no job {type}."),
        };

    private async Task<JsonObject> ScoreAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(_scoreTime, cancellationToken);
        return new JsonObject
        {
            ["event"] = "result",
            ["correlation"] = 0.9,
            ["offset_frames"] = 0,
            ["seconds_per_point"] = 0.04,
            ["opening"] = new JsonArray(0.1, null, 0.3, 0.2),
            ["loudness"] = new JsonArray(0.2, 0.4, 1.0, 0.5),
        };
    }

    private JsonObject Analyze(JsonObject job, Behaviour behaviour)
    {
        if (!File.Exists((string)job["video"]!) || !File.Exists((string)job["audio"]!))
        {
            throw new Refusal("invalid_input", "An input is not there.");
        }

        const string picture = "like:";
        if ((string?)job["settings"]?["face"] is { } face && face.StartsWith(picture, StringComparison.Ordinal) && !File.Exists(face[picture.Length..]))
        {
            throw new Refusal("invalid_input", $"The picture \"{face[picture.Length..]}\" is not there.");
        }

        File.WriteAllText((string)job["analysis"]!, arguments.Version);
        var segments = Enumerable
            .Range(0, behaviour.Segments)
            .Select(segment =>
                (JsonNode)
                    new JsonObject
                    {
                        ["first"] = segment * FramesPerSegment,
                        ["frames"] = FramesPerSegment,
                        ["start"] = segment * SecondsPerSegment,
                        ["end"] = (segment + 1) * SecondsPerSegment,
                    }
            );
        return new JsonObject
        {
            ["event"] = "result",
            ["frames"] = behaviour.Segments * FramesPerSegment,
            ["seconds"] = behaviour.Segments * SecondsPerSegment,
            ["width"] = 64,
            ["height"] = 64,
            ["segments"] = new JsonArray([.. segments]),
            ["source_seconds"] = behaviour.Segments * SecondsPerSegment,
            ["video_seconds"] = behaviour.Segments * SecondsPerSegment,
            ["audio_seconds"] = behaviour.Segments * SecondsPerSegment,
            ["pauses"] = new JsonArray(new JsonObject { ["start"] = 0.5, ["end"] = 1.5 }),
            ["faces"] = new JsonArray(new JsonObject { ["frame"] = 0, ["faces"] = new JsonArray(Face(0, isChosen: true), Face(1, isChosen: false)) }),
            ["face_pictures"] = new JsonArray(FacePicture(0, isChosen: true), FacePicture(1, isChosen: false)),
        };
    }

    /// <summary>Two faces side by side.</summary>
    private static JsonObject Face(int index, bool isChosen)
    {
        var left = 4 + (32 * index);
        return new JsonObject { ["box"] = new JsonArray(left, 16, left + 24, 48), ["chosen"] = isChosen };
    }

    private static JsonObject FacePicture(int index, bool isChosen)
    {
        const int side = 8;
        var picture = Face(index, isChosen);
        picture["frame"] = 0;
        picture["width"] = side;
        picture["height"] = side;
        picture["rgb"] = Convert.ToBase64String([.. Enumerable.Repeat((byte)(120 + (60 * index)), side * side * 3)]);
        return picture;
    }

    private async Task<JsonObject> SegmentAsync(JsonObject job, Behaviour behaviour, CancellationToken cancellationToken)
    {
        var (path, segment) = ((string)job["path"]!, (int)job["segment"]!);
        RequireOwnAnalysis(job);
        _scoreTime = behaviour.Fault == Fault.SlowScore ? s_slowScore : TimeSpan.Zero;
        var time = behaviour.SegmentTime > arguments.Slow ? behaviour.SegmentTime : arguments.Slow;
        for (var step = 0; step < Steps; step++)
        {
            await Task.Delay(time / Steps, behaviour.Fault == Fault.Deaf ? CancellationToken.None : cancellationToken);
            Write(
                new JsonObject
                {
                    ["event"] = "progress",
                    ["stage"] = "diffusion",
                    ["done"] = step + 1,
                    ["total"] = Steps,
                }
            );
            TellMemory(job, step);
            if (step == Steps / 2)
            {
                Misbehave(behaviour.Fault, path);
            }
        }

        // The same bytes whoever makes it.
        var source = File.ReadAllBytes((string)job["video"]!);
        var text = Convert.ToHexString(SHA256.HashData([.. source, .. BitConverter.GetBytes(segment)]));
        await File.WriteAllTextAsync(path + ".part", text + "\n", CancellationToken.None);
        File.Move(path + ".part", path, overwrite: true);
        return new JsonObject
        {
            ["event"] = "result",
            ["frames"] = FramesPerSegment,
            ["elapsed_seconds"] = behaviour.SegmentTime.TotalSeconds,
        };
    }

    /// <summary>A card that fills with every step.</summary>
    private void TellMemory(JsonObject job, int step)
    {
        if ((bool?)job["memory"] == true && ((string?)job["settings"]?["device"])?.StartsWith("cuda", StringComparison.Ordinal) == true)
        {
            var used = (step + 3) * StepBytes;
            Write(
                new JsonObject
                {
                    ["event"] = "memory",
                    ["device"] = "Test card",
                    ["total_bytes"] = CardBytes,
                    ["used_bytes"] = used,
                    ["free_bytes"] = CardBytes - used,
                    ["process_bytes"] = used - StepBytes,
                    ["utilization"] = 90,
                    ["temperature"] = null,
                }
            );
        }
    }

    private void Misbehave(Fault fault, string path)
    {
        switch (fault)
        {
            case Fault.Crash:
            case Fault.CrashOnce when !File.Exists(path + ".tried"):
                File.WriteAllText(path + ".tried", string.Empty);
                Environment.Exit(CrashCode);
                break;
            case Fault.Hang:
                Thread.Sleep(Timeout.Infinite);
                break;
            case Fault.InvalidInput:
                throw new Refusal("invalid_input", "The video cannot be decoded; check that it plays.");
            case Fault.InferenceFails:
                throw new Refusal("inference_failed", "A network failed; try again.");
            case Fault.Babble:
                output.Write("what is this?"u8);
                output.Flush();
                break;
            default:
                break;
        }
    }

    private JsonObject Join(JsonObject job)
    {
        RequireOwnAnalysis(job);
        var path = (string)job["output"]!;
        if (File.Exists(path) && !(bool)job["overwrite"]!)
        {
            throw new Refusal("output_failed", "The result exists.");
        }

        var joined = string.Concat(((JsonArray)job["segments"]!).Select(segment => File.ReadAllText((string)segment!)));
        File.WriteAllText(path + ".part", joined);
        File.Move(path + ".part", path, overwrite: true);
        return new JsonObject
        {
            ["event"] = "result",
            ["output"] = path,
            ["frames"] = FramesPerSegment,
            ["width"] = 64,
            ["height"] = 64,
        };
    }

    /// <summary>As the real one.</summary>
    private void RequireOwnAnalysis(JsonObject job)
    {
        if (File.ReadAllText((string)job["analysis"]!) is var version && version != arguments.Version)
        {
            throw new Refusal("invalid_options", $"The analysis is one of version {version}; analyze the video again.");
        }
    }

    private async Task<JsonObject?> ReadAsync()
    {
        var header = new byte[HeaderLength];
        if (await input.ReadAtLeastAsync(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength)
        {
            return null;
        }

        var payload = new byte[BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(1))];
        await input.ReadExactlyAsync(payload);
        return (JsonObject)JsonNode.Parse(payload)!;
    }

    private void Write(JsonObject message)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(message);
        var header = new byte[HeaderLength];
        header[0] = (byte)'J';
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(1), payload.Length);
        lock (_gate)
        {
            output.Write(header);
            output.Write(payload);
            output.Flush();
        }
    }
}
