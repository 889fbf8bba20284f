using LatentSync.Files;
using LatentSync.Models.Catalogue;
using Microsoft.Win32.SafeHandles;

namespace LatentSync.Models.Download;

/// <summary>
/// Downloads one file in parts at the same time, resumes where an earlier attempt stopped, checks length and digest, and
/// moves the file into place at the end.
/// </summary>
internal sealed class FileDownload
{
    /// <summary>What the name of an unfinished file ends with.</summary>
    public const string PartialEnding = ".partial";

    /// <summary>What the name of its journal ends with.</summary>
    public const string JournalEnding = ".partial.json";

    private readonly HubClient _hub;
    private readonly DownloadSettings _settings;
    private readonly KnownFile _file;
    private readonly string _target;
    private readonly DownloadJournal _journal;
    private readonly RetryPolicy _retry;

    public FileDownload(HubClient hub, DownloadSettings settings, KnownFile file, RemoteFile remote, string target)
    {
        (_hub, _settings, _file, Remote, _target) = (hub, settings, file, remote, target);
        _journal = DownloadJournal.Open(target + JournalEnding, Partial, remote, settings.JournalInterval);
        _retry = new RetryPolicy(settings.Delay);
        Resumed = _journal.Received;
    }

    /// <summary>The state of the file that is downloaded.</summary>
    public RemoteFile Remote { get; }

    /// <summary>Bytes that an earlier attempt left.</summary>
    public long Resumed { get; }

    private string Partial => _target + PartialEnding;

    /// <summary>Downloads what is missing.</summary>
    /// <param name="received">Is told how many bytes more came; negative if they have to come again.</param>
    /// <param name="cancellationToken">Stops; what came is kept.</param>
    /// <returns>The digest of the file.</returns>
    /// <exception cref="LipSyncException">The server fails or sends something else, or the disk is full.</exception>
    public async Task<string> RunAsync(Action<long> received, CancellationToken cancellationToken)
    {
        await FetchAsync(received, cancellationToken).ConfigureAwait(false);
        var digest = await DigestAsync(cancellationToken).ConfigureAwait(false);
        if (!IsExpected(digest) && Resumed > 0)
        {
            // The old bytes may be at fault: once more, without them.
            received(-_journal.Clear());
            await FetchAsync(received, cancellationToken).ConfigureAwait(false);
            digest = await DigestAsync(cancellationToken).ConfigureAwait(false);
        }

        if (!IsExpected(digest))
        {
            DiscardPartial();
            throw HubErrors.Unusable(_file, $"what {_hub.Host} sent has another SHA-256 than it should");
        }

        Commit();
        return digest;
    }

    private bool IsExpected(string digest) => digest == (_file.Sha256 ?? Remote.Sha256 ?? digest);

    private Task<string> DigestAsync(CancellationToken cancellationToken) => FileDigest.ComputeAsync(Partial, _ => { }, cancellationToken);

    private async Task FetchAsync(Action<long> received, CancellationToken cancellationToken)
    {
        using var target = OpenPartial();
        try
        {
            try
            {
                await FetchPartsAsync(target, received, cancellationToken).ConfigureAwait(false);
            }
            catch (RangesIgnoredException)
            {
                await _retry.RunAsync(_hub.Host, () => 0, () => FetchWholeAsync(target, received, cancellationToken), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _journal.Save();
        }
    }

    private Task FetchPartsAsync(SafeFileHandle target, Action<long> received, CancellationToken cancellationToken)
    {
        var missing = _journal.Missing();
        var part = Math.Max(_settings.MinimumPartLength, (missing.Sum(range => range.Length) + _settings.PartCount - 1) / _settings.PartCount);
        var parts = missing.SelectMany(range => Split(range, part));
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _settings.PartCount, CancellationToken = cancellationToken };
        return Parallel.ForEachAsync(parts, parallel, async (range, token) =>
        {
            var body = new PartBody(range, _settings.Patience);
            await _retry.RunAsync(_hub.Host, () => body.Rest.Start, () => ReceiveAsync(body, target, received, token), token).ConfigureAwait(false);
        });
    }

    private async Task FetchWholeAsync(SafeFileHandle target, Action<long> received, CancellationToken cancellationToken)
    {
        received(-_journal.Clear());
        await ReceiveAsync(new PartBody(new ByteRange(0, Remote.Length), _settings.Patience), target, received, cancellationToken).ConfigureAwait(false);
    }

    private async Task ReceiveAsync(PartBody body, SafeFileHandle target, Action<long> received, CancellationToken cancellationToken)
    {
        var isWhole = body.Rest == new ByteRange(0, Remote.Length);
        using var response = await _hub.OpenAsync(_file, Remote, isWhole ? null : body.Rest, cancellationToken).ConfigureAwait(false);
        body.RequireAnswer(response, Remote, _file);
        await body.CopyAsync(
                response,
                async (bytes, range) =>
                {
                    await WriteAsync(target, bytes, range.Start, cancellationToken).ConfigureAwait(false);
                    _journal.Add(range);
                    received(range.Length);
                },
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    private async Task WriteAsync(SafeFileHandle target, ReadOnlyMemory<byte> bytes, long offset, CancellationToken cancellationToken)
    {
        try
        {
            await RandomAccess.WriteAsync(target, bytes, offset, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException error)
        {
            throw FileErrors.Disk(Partial, $"written", error);
        }
    }

    private SafeFileHandle OpenPartial()
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Partial)!);
            var handle = File.OpenHandle(Partial, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, FileOptions.Asynchronous);
            RandomAccess.SetLength(handle, Remote.Length);
            return handle;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Disk(Partial, $"written", error);
        }
    }

    private void DiscardPartial()
    {
        try
        {
            File.Delete(Partial);
            File.Delete(_target + JournalEnding);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Disk(Partial, $"deleted", error);
        }
    }

    private void Commit()
    {
        try
        {
            using (var handle = File.OpenHandle(Partial, FileMode.Open, FileAccess.ReadWrite))
            {
                RandomAccess.FlushToDisk(handle);
            }

            File.Move(Partial, _target, overwrite: true);
            File.Delete(_target + JournalEnding);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Disk(_target, $"written", error);
        }
    }

    private static IEnumerable<ByteRange> Split(ByteRange range, long length)
    {
        for (var start = range.Start; start < range.End; start += length)
        {
            yield return new ByteRange(start, Math.Min(start + length, range.End));
        }
    }
}
