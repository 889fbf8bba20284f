namespace LatentSync.Models.Download;

/// <summary>
/// A file that a foreign client fills: counts what arrives, and turns its own errors into the caller's, so that they are not
/// taken for the network's.
/// </summary>
/// <param name="file">Can seek; the caller closes it.</param>
/// <param name="meter">Counts backwards when the client starts again and cuts the file.</param>
/// <param name="failure">The error for one of the disk.</param>
internal sealed class CountedStream(Stream file, TransferMeter meter, Func<Exception, LipSyncException> failure) : Stream
{
    public override bool CanRead => file.CanRead;

    public override bool CanSeek => file.CanSeek;

    public override bool CanWrite => file.CanWrite;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => file.Position = value;
    }

    public override int Read(byte[] buffer, int offset, int count) => file.Read(buffer, offset, count);

    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            file.Write(buffer);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw failure(error);
        }

        meter.Count(buffer.Length);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await file.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw failure(error);
        }

        meter.Count(buffer.Length);
    }

    public override void SetLength(long value)
    {
        if (value < file.Length)
        {
            meter.Count(value - file.Length);
        }

        file.SetLength(value);
    }

    public override void Flush() => file.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => file.FlushAsync(cancellationToken);
}
