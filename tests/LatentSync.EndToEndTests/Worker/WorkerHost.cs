using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using LatentSync.EndToEndTests.Cli;

namespace LatentSync.EndToEndTests.Worker;

/// <summary>The other side of <c>latentsync worker</c>: a host over real pipes. Disposing kills the worker.</summary>
internal sealed class WorkerHost : IDisposable
{
    private const int HeaderLength = 5;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly Task<string> _log;

    private WorkerHost(Process process)
    {
        _process = process;
        _log = process.StandardError.ReadToEndAsync();
    }

    /// <summary>The worker's process id.</summary>
    public int Id => _process.Id;

    /// <summary>What the worker wants, when it does.</summary>
    public Func<int, byte[]>? Frame { get; set; }

    /// <summary>Called with each message before it is answered.</summary>
    public Action<JsonObject>? Seen { get; set; }

    /// <summary>Pictures that came, and numbers of the source's in the place of those that did not change.</summary>
    public List<object> Frames { get; } = [];

    /// <summary>Masks that came, each with the number of pictures before it.</summary>
    public List<(int Frame, byte[] Weights)> Masks { get; } = [];

    /// <summary>Starts a worker.</summary>
    public static WorkerHost Start() => new(Process.Start(CliRun.StartInfo("worker"))!);

    /// <summary>Starts a worker with variables of its own, and greets it.</summary>
    public static async Task<WorkerHost> GreetedAsync(IReadOnlyDictionary<string, string> variables)
    {
        var start = CliRun.StartInfo("worker");
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        var host = new WorkerHost(Process.Start(start)!);
        host.Send(new JsonObject { ["type"] = "hello", ["protocol"] = 1 });
        Assert.Equal("hello", (string?)(await host.ReceiveAsync()).Json!["event"]);
        return host;
    }

    /// <summary>Starts a worker and greets it.</summary>
    public static async Task<WorkerHost> GreetedAsync(string language = "en", double idleSeconds = 60)
    {
        var host = Start();
        host.Send(
            new JsonObject
            {
                ["type"] = "hello",
                ["protocol"] = 1,
                ["language"] = language,
                ["idle_seconds"] = idleSeconds,
            }
        );
        Assert.Equal("hello", (string?)(await host.ReceiveAsync()).Json!["event"]);
        return host;
    }

    public void Send(JsonObject message) => Send('J', Encoding.UTF8.GetBytes(message.ToJsonString()));

    public void Send(char type, ReadOnlySpan<byte> payload)
    {
        var header = new byte[HeaderLength];
        header[0] = (byte)type;
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(1), payload.Length);
        SendRaw(header);
        SendRaw(payload);
    }

    public void SendSound(params ReadOnlySpan<float> samples) => Send('A', MemoryMarshal.AsBytes(samples));

    public void SendRaw(ReadOnlySpan<byte> bytes)
    {
        _process.StandardInput.BaseStream.Write(bytes);
        _process.StandardInput.BaseStream.Flush();
    }

    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>The next message.</summary>
    public async Task<(char Type, byte[] Payload, JsonObject? Json)> ReceiveAsync()
    {
        var stream = _process.StandardOutput.BaseStream;
        var header = new byte[HeaderLength];
        using var timeout = Timeout();
        await stream.ReadExactlyAsync(header, timeout.Token);
        var payload = new byte[BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(1))];
        await stream.ReadExactlyAsync(payload, timeout.Token);
        var type = (char)header[0];
        return (type, payload, type == 'J' ? JsonNode.Parse(payload)!.AsObject() : null);
    }

    /// <summary>Answers what the worker wants until a job ends; gives the last message.</summary>
    public async Task<JsonObject> FinishAsync()
    {
        while (true)
        {
            var (type, payload, json) = await ReceiveAsync();
            if (type == 'M')
            {
                Masks.Add((Frames.Count, payload));
                continue;
            }

            if (json is null)
            {
                Frames.Add(payload);
                continue;
            }

            Seen?.Invoke(json);
            switch ((string?)json["event"])
            {
                case "want":
                    for (var i = 0; i < (int)json["count"]!; i++)
                    {
                        Send('F', Frame!((int)json["first"]! + (i * (int)json["step"]!)));
                    }

                    break;
                case "same":
                    Frames.Add((int)json["source"]!);
                    break;
                case "result" or "error" or "cancelled":
                    return json;
            }
        }
    }

    /// <summary>Waits for the worker's end.</summary>
    public async Task<(int ExitCode, string Log)> ExitAsync()
    {
        using var timeout = Timeout();
        await _process.WaitForExitAsync(timeout.Token);
        return (_process.ExitCode, await _log.WaitAsync(timeout.Token));
    }

    public void Kill() => _process.Kill();

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static CancellationTokenSource Timeout()
    {
        var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Limit);
        return timeout;
    }
}
