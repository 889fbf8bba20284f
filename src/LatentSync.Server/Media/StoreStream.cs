namespace LatentSync.Server.Media;

/// <summary>Reads files of a store one behind the other, from any place: what a request for a range needs. Opens them when it reads.</summary>
internal sealed class StoreStream(IFileStore store, IReadOnlyList<StoredPiece> pieces) : Stream
{
    private Stream? _open;
    private long _openEnd;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; } = pieces.Sum(piece => piece.Length);

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= Length || buffer.Length == 0)
        {
            return 0;
        }

        if (_open is null || _position >= _openEnd)
        {
            await CloseAsync();
            var (piece, start) = At(_position);
            _open = await store.OpenAsync(piece.Name, _position - start, cancellationToken);
            _openEnd = start + piece.Length;
        }

        var wanted = (int)Math.Min(buffer.Length, _openEnd - _position);
        var read = await _open.ReadAsync(buffer[..wanted], cancellationToken);
        if (read == 0)
        {
            throw new EndOfStreamException("The storage ended a file before its end.");
        }

        _position += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Files of a store are read asynchronously.");

    public override long Seek(long offset, SeekOrigin origin)
    {
        var position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => Length + offset,
        };
        if (position < 0)
        {
            throw new IOException("A place before the beginning of a file was asked for.");
        }

        if (position != _position)
        {
            _position = position;
            _open?.Dispose();
            _open = null;
        }

        return position;
    }

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        _open?.Dispose();
        _open = null;
        base.Dispose(disposing);
    }

    private (StoredPiece Piece, long Start) At(long position)
    {
        var start = 0L;
        foreach (var piece in pieces)
        {
            if (position < start + piece.Length)
            {
                return (piece, start);
            }

            start += piece.Length;
        }

        throw new InvalidOperationException("The place is behind the end.");
    }

    private async Task CloseAsync()
    {
        if (_open is { } open)
        {
            _open = null;
            await open.DisposeAsync();
        }
    }
}
