using System.Diagnostics.CodeAnalysis;

namespace LatentSync.Cli;

/// <summary>
/// Standard output or error that may stop taking bytes: the terminal was closed, or a log has filled the disk. Nothing is
/// written after that, and no job fails because nobody reads of its progress.
/// </summary>
/// <param name="stream">The real one.</param>
/// <param name="failure">The error that the first failed write and all after it end with; null to continue in silence.</param>
internal sealed class StandardStream(Stream stream, Func<IOException, Exception>? failure) : Stream
{
    private IOException? _lost;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Puts itself in the place of both streams of the console.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The console's streams are open until the process ends.")]
    public static void Install()
    {
        Console.SetError(Writer(new StandardStream(Console.OpenStandardError(), failure: null)));
        Console.SetOut(
            Writer(
                new StandardStream(Console.OpenStandardOutput(), static error => new LipSyncException(
                    LipSyncErrorCode.OutputFailed,
                    $"Standard output cannot be written ({error.Message.TrimEnd('.')}); send it somewhere else.",
                    error
                ))
            )
        );
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_lost is null)
        {
            try
            {
                stream.Write(buffer);
            }
            catch (IOException error)
            {
                _lost = error;
            }
        }

        if (_lost is { } lost && failure is not null)
        {
            throw failure(lost);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Nothing is held back.</summary>
    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static StreamWriter Writer(Stream stream) => new(stream) { AutoFlush = true };
}
