using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using LatentSync.Server.Media;
using LatentSync.Server.Settings;
using Microsoft.Extensions.Options;

namespace LatentSync.Fleet.Storage;

/// <summary>S3-compatible storage. An object is there whole or not at all, also one that is sent in parts.</summary>
internal sealed class S3Store : IFileStore, IDisposable
{
    private const int MostRetries = 5;
    private const int MostDeleted = 1000;
    private const long PartBytes = 64 << 20;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(100);

    private readonly AmazonS3Client _client;
    private readonly string _bucket;
    private readonly string _prefix;

    public S3Store(IOptions<ServerSettings> settings)
    {
        var store = settings.Value.Store;
        (_bucket, _prefix) = (store.Bucket!, store.Prefix);
        var config = new AmazonS3Config
        {
            ServiceURL = store.Endpoint,
            AuthenticationRegion = store.Region,
            ForcePathStyle = store.PathStyle,
            MaxErrorRetry = MostRetries,
            RetryMode = RequestRetryMode.Standard,
            Timeout = Longest,

            // Checksums and chunks of newer Amazon interfaces, which others refuse or keep as they came; what is read is compared with its digest here.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        _client = new AmazonS3Client(new BasicAWSCredentials(store.AccessKey, store.SecretKey), config);
    }

    public Task PutAsync(string name, string path, CancellationToken cancellationToken) =>
        TryAsync(async () =>
        {
            if (new FileInfo(path).Length > PartBytes)
            {
                await PutPartsAsync(_prefix + name, path, cancellationToken);
                return true;
            }

            var request = new PutObjectRequest
            {
                BucketName = _bucket,
                Key = _prefix + name,
                FilePath = path,
                UseChunkEncoding = false,
            };
            await _client.PutObjectAsync(request, cancellationToken);
            return true;
        });

    public Task<StoredFile?> FindAsync(string name, CancellationToken cancellationToken) =>
        TryAsync(async () =>
        {
            try
            {
                var found = await _client.GetObjectMetadataAsync(_bucket, _prefix + name, cancellationToken);
                var modified = found.LastModified is { } time ? new DateTimeOffset(time.ToUniversalTime()) : DateTimeOffset.UnixEpoch;
                return new StoredFile(found.ContentLength, modified);
            }
            catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.NotFound)
            {
                return null;
            }
        });

    public Task<Stream> OpenAsync(string name, long offset, CancellationToken cancellationToken) =>
        TryAsync(async () =>
        {
            var request = new GetObjectRequest { BucketName = _bucket, Key = _prefix + name };
            if (offset > 0)
            {
                request.ByteRange = new ByteRange(Invariant($"bytes={offset}-"));
            }

            var answer = await _client.GetObjectAsync(request, cancellationToken);
            return answer.ResponseStream;
        });

    public async Task DeleteAsync(string prefix, CancellationToken cancellationToken)
    {
        await TryAsync(async () =>
        {
            while (true)
            {
                var request = new ListObjectsV2Request
                {
                    BucketName = _bucket,
                    Prefix = _prefix + prefix,
                    MaxKeys = MostDeleted,
                };
                var found = await _client.ListObjectsV2Async(request, cancellationToken);
                if (found.S3Objects is not { Count: > 0 } objects)
                {
                    return true;
                }

                foreach (var key in objects)
                {
                    await _client.DeleteObjectAsync(_bucket, key.Key, cancellationToken);
                }
            }
        });
    }

    public async IAsyncEnumerable<string> FoldersAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request
        {
            BucketName = _bucket,
            Prefix = _prefix + prefix,
            Delimiter = "/",
        };
        do
        {
            var found = await TryAsync(() => _client.ListObjectsV2Async(request, cancellationToken));
            foreach (var folder in found.CommonPrefixes ?? [])
            {
                yield return folder[(_prefix.Length + prefix.Length)..].TrimEnd('/');
            }

            request.ContinuationToken = found.IsTruncated == true ? found.NextContinuationToken : null;
        } while (request.ContinuationToken is not null);
    }

    public void Dispose() => _client.Dispose();

    /// <summary>A long file in parts; there is no object until the last is there and all are put together.</summary>
    private async Task PutPartsAsync(string key, string path, CancellationToken cancellationToken)
    {
        var begun = await _client.InitiateMultipartUploadAsync(_bucket, key, cancellationToken);
        try
        {
            var parts = new List<PartETag>();
            for (var (position, length) = (0L, new FileInfo(path).Length); position < length; position += PartBytes)
            {
                var request = new UploadPartRequest
                {
                    BucketName = _bucket,
                    Key = key,
                    UploadId = begun.UploadId,
                    PartNumber = parts.Count + 1,
                    FilePath = path,
                    FilePosition = position,
                    PartSize = Math.Min(PartBytes, length - position),
                    UseChunkEncoding = false,
                };
                var answer = await _client.UploadPartAsync(request, cancellationToken);
                parts.Add(new PartETag(request.PartNumber!.Value, answer.ETag));
            }

            var whole = new CompleteMultipartUploadRequest
            {
                BucketName = _bucket,
                Key = key,
                UploadId = begun.UploadId,
                PartETags = parts,
            };
            await _client.CompleteMultipartUploadAsync(whole, cancellationToken);
        }
        catch
        {
            await _client.AbortMultipartUploadAsync(_bucket, key, begun.UploadId, CancellationToken.None);
            throw;
        }
    }

    private static async Task<T> TryAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception error)
            when (error is AmazonServiceException or AmazonClientException or HttpRequestException or IOException
                || (error is OperationCanceledException { InnerException: TimeoutException })
            )
        {
            throw new StoreException($"The S3 storage failed: {error.Message}", error);
        }
    }
}
