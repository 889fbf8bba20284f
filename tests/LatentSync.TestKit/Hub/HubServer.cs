using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using static System.FormattableString;

namespace LatentSync.TestKit.Hub;

/// <summary>
/// A Hugging Face hub on 127.0.0.1 that answers as the real one does, unless a test makes it misbehave. One request per
/// connection.
/// </summary>
internal sealed class HubServer : IDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopped;

    public HubServer()
    {
        _stopped = _stop.Token;
        _listener.Start();
        Address = Invariant($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _ = Task.Run(AcceptAsync);
    }

    /// <summary>Files by path: <c>owner/name/file</c>.</summary>
    public Dictionary<string, HubFile> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>What was asked for, in order of arrival.</summary>
    public ConcurrentQueue<HubRequest> Requests { get; } = [];

    /// <summary>Answers in the hub's place; null for the usual answer.</summary>
    public Func<HubRequest, HubAnswer?> Misbehave { get; set; } = _ => null;

    /// <summary>Another server that large files are fetched from.</summary>
    public HubServer? Storage { get; init; }

    public bool IgnoresRanges { get; set; }

    public string Address { get; }

    public IEnumerable<HubRequest> Downloads => Requests.Where(request => request.Method == "GET");

    /// <summary>Bytes that were asked for by GET.</summary>
    public long Asked(string path, int length) =>
        Downloads
            .Where(request => request.Path.EndsWith(path, StringComparison.Ordinal))
            .Sum(request => request.Range(length) is { } range ? range.End - range.Start : length);

    /// <summary>Nobody answers any more.</summary>
    public void Stop()
    {
        _stop.Cancel();
        _listener.Stop();
    }

    public void Dispose()
    {
        Stop();
        _stop.Dispose();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stopped);
                _ = Task.Run(() => ServeAsync(client));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            var stream = client.GetStream();
            var request = await ReadAsync(stream);
            Requests.Enqueue(request);
            await WriteAsync(stream, request, Misbehave(request) ?? Answer(request));
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or SocketException)
        {
            // The client went away, or the test is over.
        }
    }

    private HubAnswer Answer(HubRequest request)
    {
        var path = request.Path.TrimStart('/').Replace("/resolve/main/", "/", StringComparison.Ordinal);
        if (!Files.TryGetValue(path, out var file))
        {
            return HubAnswer.Error(404);
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["ETag"] = $"\"{file.ETag}\"",
            ["X-Repo-Commit"] = Commit,
            ["Accept-Ranges"] = "bytes",
        };
        if (file.IsLarge)
        {
            headers["X-Linked-Size"] = Invariant($"{file.Bytes.Length}");
            headers["X-Linked-ETag"] = $"\"{file.ETag}\"";
            if (Storage is not null)
            {
                headers["Location"] = Storage.Address + "/" + path;
                return new HubAnswer(302, []) { Headers = headers };
            }
        }

        if (IgnoresRanges || request.Range(file.Bytes.Length) is not { } range)
        {
            return new HubAnswer(200, file.Bytes) { Headers = headers };
        }

        headers["Content-Range"] = Invariant($"bytes {range.Start}-{range.End - 1}/{file.Bytes.Length}");
        return new HubAnswer(206, file.Bytes[range.Start..range.End]) { Headers = headers };
    }

    private async Task WriteAsync(NetworkStream stream, HubRequest request, HubAnswer answer)
    {
        var head = new StringBuilder(Invariant($"HTTP/1.1 {answer.Status} Test\r\nConnection: close\r\n"));
        head.Append(CultureInfo.InvariantCulture, $"Content-Length: {answer.StatedLength ?? answer.Body.Length}\r\n");
        foreach (var (name, value) in answer.Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), _stopped);
        if (request.Method == "HEAD")
        {
            return;
        }

        await stream.WriteAsync(answer.Body.AsMemory(0, answer.CutAfter ?? answer.HangAfter ?? answer.Body.Length), _stopped);
        if (answer.HangAfter is not null)
        {
            await Task.Delay(Timeout.Infinite, _stopped);
        }
    }

    private async Task<HubRequest> ReadAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var first = ((await reader.ReadLineAsync(_stopped)) ?? throw new IOException("The client sent nothing.")).Split(' ');
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await reader.ReadLineAsync(_stopped) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        return new HubRequest(first[0], first[1], headers);
    }
}
