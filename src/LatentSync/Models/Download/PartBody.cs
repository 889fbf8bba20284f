using System.Buffers;
using System.Net;
using LatentSync.Models.Catalogue;

namespace LatentSync.Models.Download;

/// <summary>A part of a file while it comes in; after a cut, the rest of it.</summary>
/// <param name="range">The bytes that are wanted.</param>
/// <param name="patience">A server that sends nothing for so long counts as cut off.</param>
internal sealed class PartBody(ByteRange range, TimeSpan patience)
{
    private const int BufferLength = 1 << 17;

    /// <summary>What has not come yet.</summary>
    public ByteRange Rest { get; private set; } = range;

    /// <summary>Checks that an answer holds these very bytes of this very file.</summary>
    /// <exception cref="RangesIgnoredException">It holds the whole file instead.</exception>
    /// <exception cref="LipSyncException">It holds something else.</exception>
    public void RequireAnswer(HttpResponseMessage response, RemoteFile remote, KnownFile file)
    {
        var headers = response.Content.Headers;
        var isWhole = response.StatusCode == HttpStatusCode.OK;
        if (
            isWhole
                ? headers.ContentLength is { } length && length != remote.Length
                : headers.ContentRange is not { } sent || sent.From != Rest.Start || sent.To != Rest.End - 1 || (sent.Length ?? remote.Length) != remote.Length
        )
        {
            throw HubErrors.Unusable(
                file,
                $"the server sends other bytes than asked for, out of {headers.ContentRange?.Length ?? headers.ContentLength} instead of {remote.Length}"
            );
        }

        if (isWhole && Rest != new ByteRange(0, remote.Length))
        {
            throw new RangesIgnoredException();
        }
    }

    /// <summary>Copies the body of an answer.</summary>
    /// <exception cref="TransientDownloadException">The connection was cut before the end.</exception>
    public async Task CopyAsync(HttpResponseMessage response, Func<ReadOnlyMemory<byte>, ByteRange, Task> write, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            while (Rest.Length > 0)
            {
                var count = await ReadAsync(body, buffer.AsMemory(0, (int)Math.Min(buffer.Length, Rest.Length)), cancellationToken).ConfigureAwait(false);
                await write(buffer.AsMemory(0, count), new ByteRange(Rest.Start, Rest.Start + count)).ConfigureAwait(false);
                Rest = Rest with { Start = Rest.Start + count };
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<int> ReadAsync(Stream body, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            var count = await body.ReadAsync(buffer, limit.Token).ConfigureAwait(false);
            return count > 0 ? count : throw new TransientDownloadException($"the connection was closed before the end");
        }
        catch (IOException error)
        {
            throw new TransientDownloadException($"the connection was cut", cause: error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransientDownloadException($"nothing came any more", cause: error);
        }
    }
}
