using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using LatentSync.FrontEnd.Engines;
using LatentSync.FrontEnd.Options;
using LatentSync.TestKit;
using LatentSync.Worker;

namespace LatentSync.FuzzTests;

/// <summary>Messages of a host that is broken, or is none.</summary>
public sealed class WorkerTests : IDisposable
{
    private static readonly string[] Names =
    [
        "type",
        "protocol",
        "language",
        "idle_seconds",
        "settings",
        "keep_model",
        "video",
        "audio",
        "output",
        "overwrite",
        "width",
        "height",
        "frames",
        "fps",
        "samples",
        "sample_rate",
        "options",
        "folder",
        "model_name",
        "model_folders",
        "num_frames",
        "seed",
        "face",
    ];

    private static readonly string[] Texts =
    [
        "hello",
        "sync_files",
        "sync_frames",
        "cancel",
        "en",
        "zh",
        "a.mp4",
        "25",
        "30000/1001",
        "like:x.png",
        "/nowhere",
    ];

    private static readonly string[] Seeds =
    [
        """{"type": "hello", "protocol": 1, "language": "zh", "idle_seconds": 60}""",
        """{"type": "sync_files", "video": "a.mp4", "audio": "a.wav", "output": "b.mp4", "settings": {"options": {"num_frames": 8, "seed": 5}}}""",
        """{"type": "sync_frames", "width": 4, "height": 4, "frames": 2, "fps": "25", "samples": 100,"""
            + """ "sample_rate": 16000, "keep_model": true, "settings": {"options": {"face": "left:2"}}}""",
        """{"type": "analyze", "video": "a.mp4", "audio": "a.wav", "output": "b.mp4", "analysis": "b.plan", "settings": {"options": {"fps": 25}}}""",
        """{"type": "sync_segment", "video": "a.mp4", "audio": "a.wav", "output": "b.mp4", "analysis": "b.plan", "segment": 1, "path": "1.mp4"}""",
        """{"type": "join", "video": "a.mp4", "audio": "a.wav", "output": "b.mp4", "analysis": "b.plan", "segments": ["0.mp4", "1.mp4"]}""",
        """{"type": "cancel"}""",
    ];

    // Read alone only: in a session it would download.
    private const string Pull = """{"type": "pull_model", "name": "latentsync-1.6"}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>One message alone, down to its options.</summary>
    [Fact]
    public void Messages() =>
        Campaign.Run(
            "worker message",
            Choose.Either(
                Mutations.Of([.. Seeds, Pull], "\"type\":", "null", "[", "{", "1e999", "-1", "\\ud800"),
                Grammars.Json(Names, Texts, depth: 3).Bytes(),
                Message().Bytes()
            ),
            json =>
            {
                var message = HostJson.Read(json);
                if (message is FramesMessage frames)
                {
                    frames.ThrowIfInvalid();
                    _ = frames.Rate;
                }

                if (message is SyncMessage job)
                {
                    var options = new JobOptions(job.Settings, new JobCommand(isOfFiles: job is InputsMessage));
                    _ = options.Request(options.Parse()).Validate().ToList();
                }
            },
            error => error is ProtocolException or LipSyncException { Code: LipSyncErrorCode.InvalidInput or LipSyncErrorCode.InvalidOptions }
        );

    /// <summary>Whole sessions: whatever comes, the worker ends with one of its codes, and every answer is a message.</summary>
    [Fact]
    public void Sessions()
    {
        var json = Choose.Either(Choose.Constant(Seeds), Choose.Constant(Seeds), Message());
        var frame = Gen.Select(
            Choose.Constant('J', 'J', 'J', 'F', 'A', 'X', '\0'),
            json,
            Choose.Constant<uint?>(null, null, null, null, 0, 1, 48, uint.MaxValue, 1 << 20),
            (type, text, length) => Frame(type, Encoding.UTF8.GetBytes(text), length)
        );
        var hello = Frame('J', Encoding.UTF8.GetBytes(Seeds[0]), length: null);
        var sessions = Gen.Select(Gen.Bool, frame.Array[0, 5], (greets, frames) => (byte[])[.. greets ? hello : [], .. frames.SelectMany(bytes => bytes)]);
        Campaign.Run("worker session", sessions, Serve, error => error is RefusedException);
    }

    /// <summary>A message with the members it should have, and values it should not.</summary>
    private static Gen<string> Message() =>
        Gen.Select(
            Choose.Constant("hello", "sync_files", "sync_frames", "cancel", "none"),
            Gen.Select(Choose.Constant(Names), Grammars.Json(Names, Texts, depth: 1), (name, value) => $"\"{name}\":{value}").Array[0, 8],
            (type, members) => $"{{{string.Join(',', members.Prepend($"\"type\":\"{type}\""))}}}"
        );

    private void Serve(byte[] input)
    {
        using var output = new MemoryStream();
        var nowhere = _folder.File("nowhere");
        var models = new ModelLocation(new ModelLibrary(nowhere), _ => nowhere, _folder.Path);
        int exitCode;
        using (var session = new WorkerSession(new MemoryStream(input), output, models, TimeProvider.System))
        {
            exitCode = session.RunAsync(CancellationToken.None).GetAwaiter().GetResult();
        }

        Assert.True(exitCode is 0 or WorkerSession.BrokenExitCode);
        var answers = output.ToArray().AsSpan();
        while (!answers.IsEmpty)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(answers[1..]);
            if (answers[0] == (byte)'J')
            {
                var answer = JsonNode.Parse(answers.Slice(5, length).ToArray())!.AsObject();
                Assert.NotEqual(nameof(LipSyncErrorCode.Internal), (string?)answer["kind"]);
            }

            answers = answers[(5 + length)..];
        }

        if (exitCode != 0)
        {
            throw new RefusedException();
        }
    }

    private static byte[] Frame(char type, byte[] payload, uint? length)
    {
        var header = new byte[5];
        header[0] = (byte)type;
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(1), length ?? (uint)payload.Length);
        return [.. header, .. payload];
    }

    /// <summary>The session ended because the protocol was broken.</summary>
    private sealed class RefusedException : Exception;
}
