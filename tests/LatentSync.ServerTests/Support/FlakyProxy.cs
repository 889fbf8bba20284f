using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LatentSync.ServerTests.Support;

/// <summary>Stands between a fleet and its storage, and does to the traffic what networks do.</summary>
internal sealed class FlakyProxy : IAsyncDisposable
{
    private const int BytesBeforeCut = 300;
    private static readonly TimeSpan Slowness = TimeSpan.FromMilliseconds(400);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<TcpClient, bool> _clients = [];
    private readonly IPEndPoint _target;
    private readonly Task _accepting;
    private volatile Mischief _mischief;

    public FlakyProxy(Uri target)
    {
        _target = new IPEndPoint(IPAddress.Loopback, target.Port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>What the fleet takes for the storage.</summary>
    public string Address => Invariant($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Connections that something was done to.</summary>
    public int Disturbed { get; private set; }

    /// <summary>From now on this is done, also to connections that are open.</summary>
    public void Do(Mischief mischief)
    {
        _mischief = mischief;
        foreach (var client in _clients.Keys)
        {
            client.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Do(Mischief.None);
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        _clients[client] = true;
        using var upstream = new TcpClient();
        try
        {
            var mischief = _mischief;
            Disturbed += mischief == Mischief.None ? 0 : 1;
            var near = client.GetStream();
            if (mischief == Mischief.Fail)
            {
                _ = await near.ReadAtLeastAsync(new byte[4096], 1, throwOnEndOfStream: false);
                await near.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
                return;
            }

            await upstream.ConnectAsync(_target);
            var far = upstream.GetStream();
            await Task.WhenAny(CopyAsync(near, far, mischief, isAnswer: false), CopyAsync(far, near, mischief, isAnswer: true));
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException)
        {
            // One side has gone, which is what this is for.
        }
        finally
        {
            _clients.TryRemove(client, out _);
            client.Dispose();
        }
    }

    private static async Task CopyAsync(NetworkStream from, NetworkStream to, Mischief mischief, bool isAnswer)
    {
        var (buffer, copied) = (new byte[8192], 0L);
        for (int read; (read = await from.ReadAsync(buffer)) > 0; copied += read)
        {
            if (mischief == Mischief.Slow)
            {
                await Task.Delay(Slowness);
            }

            if (mischief == Mischief.Cut && isAnswer && copied + read > BytesBeforeCut)
            {
                await to.WriteAsync(buffer.AsMemory(0, (int)Math.Max(0, BytesBeforeCut - copied)));
                return;
            }

            if (mischief == Mischief.Spoil && isAnswer && buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8) is var end and >= 0 && end + 4 < read)
            {
                // Within the file: what comes before it would only be no answer.
                buffer[read - 1] ^= 1;
            }

            await to.WriteAsync(buffer.AsMemory(0, read));
        }
    }
}
