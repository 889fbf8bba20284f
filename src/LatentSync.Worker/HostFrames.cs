using System.Text.Json.Nodes;

namespace LatentSync.Worker;

/// <summary>
/// The frames of a host: asks for them a few ahead, so that the pipe is never idle, in the direction the last ones went.
/// The reader of the pipe calls <see cref="Accept"/>; one job calls the rest.
/// </summary>
internal sealed class HostFrames(FramesMessage message, MessageWriter writer)
{
    private const int MostAhead = 8;
    private const int FewestAhead = 2;
    private const int BytesAhead = 64 << 20;

    private readonly int _mostAhead = Math.Clamp(BytesAhead / message.FrameLength, FewestAhead, MostAhead);
    private readonly Lock _gate = new();

    // In the order they were asked for: all that have not arrived, and those the job will want next.
    private readonly Queue<AskedFrame> _underWay = [];
    private readonly Queue<AskedFrame> _ahead = [];
    private readonly Stack<byte[]> _buffers = [];
    private AskedFrame? _last;
    private int _step = 1;

    /// <summary>Whether the host owes a frame.</summary>
    public bool IsWaiting
    {
        get
        {
            lock (_gate)
            {
                return _underWay.Count > 0;
            }
        }
    }

    /// <summary>Takes a frame off the pipe.</summary>
    /// <exception cref="ProtocolException">None was asked for, or it has another size.</exception>
    public void Accept(int length, MessageReader reader)
    {
        AskedFrame? frame;
        lock (_gate)
        {
            _underWay.TryPeek(out frame);
        }

        if (frame is null || length != message.FrameLength)
        {
            throw new ProtocolException(
                frame is null
                    ? "A frame came that was not asked for."
                    : Invariant($"A frame has {length} bytes; {message.Width}x{message.Height} pixels have {message.FrameLength}.")
            );
        }

        reader.Read(frame.Pixels);
        lock (_gate)
        {
            _underWay.Dequeue();
        }

        frame.Arrive();
    }

    /// <summary>Copies a frame of the source.</summary>
    public async ValueTask ReadAsync(int index, Memory<byte> pixels, CancellationToken cancellationToken)
    {
        if (_last is null || _last.Index != index)
        {
            AskFrom(index);
            if (_last is not null)
            {
                _buffers.Push(_last.Pixels);
            }

            _last = _ahead.Dequeue();
        }

        await _last.Arrival.WaitAsync(cancellationToken).ConfigureAwait(false);
        _last.Pixels.CopyTo(pixels);
    }

    private void AskFrom(int index)
    {
        if (_last is not null)
        {
            _step = index < _last.Index ? -1 : 1;
        }

        if (_ahead.TryPeek(out var next) && next.Index != index)
        {
            // A turn. What is under way arrives in buffers that nobody looks at.
            _ahead.Clear();
        }

        if (_ahead.Count > _mostAhead / 2)
        {
            return;
        }

        var first = _ahead.Count > 0 ? _ahead.Last().Index + _step : index;
        var left = _step > 0 ? message.Frames - first : first + 1;
        var count = Math.Min(left, _mostAhead - _ahead.Count);
        if (count > 0)
        {
            Ask(first, count);
        }
    }

    private void Ask(int first, int count)
    {
        lock (_gate)
        {
            for (var i = 0; i < count; i++)
            {
                var frame = new AskedFrame(first + (i * _step), _buffers.TryPop(out var buffer) ? buffer : new byte[message.FrameLength]);
                _underWay.Enqueue(frame);
                _ahead.Enqueue(frame);
            }
        }

        writer.Write(
            new JsonObject
            {
                ["event"] = "want",
                ["first"] = first,
                ["count"] = count,
                ["step"] = _step,
            }
        );
    }
}
