using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using LatentSync.Server.Data;
using LatentSync.Server.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace LatentSync.Server.Media;

/// <summary>
/// Where files are kept for good. A server of one process works on them in their place; several put them into a store under their
/// digests, so that what is made twice is the same file, and read copies.
/// </summary>
internal sealed partial class MediaFiles(
    MediaStore media,
    MediaCache cache,
    IDbContextFactory<ServerDatabase> databases,
    ILogger<MediaFiles> logger,
    IServiceProvider services
)
{
    private const int MostFaces = 16;
    private const string JobFolder = "jobs/";

    private readonly IFileStore? _store = services.GetService<IFileStore>();

    /// <summary>The store; null where files are worked on in their place.</summary>
    public IFileStore? Store => _store;

    /// <summary>What a piece of work reads and writes.</summary>
    /// <exception cref="StoreException">The store does not give the inputs.</exception>
    /// <exception cref="SpoiledFileException">It gives others, or has lost them.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The copies are in the list that is disposed with the result.")]
    public async Task<WorkFiles> OpenAsync(WorkItem item, Job job, string token, CancellationToken cancellationToken)
    {
        if (_store is not { } store)
        {
            media.CreateJob(job.Id);
            return new WorkFiles
            {
                Job = job,
                Video = item.Kind == WorkKind.Score ? media.Result(job.Id, job.Container) : media.Upload(job.VideoId),
                Audio = media.Upload(job.AudioId),
                Picture = FacePicture.Of(job) is { } named ? media.Upload(named) : null,
                Analysis = media.Analysis(job.Id),
                Output = media.Result(job.Id, job.Container),
                Preview = media.Preview(job.Id),
                Segment = segment => media.Segment(job.Id, segment),
                Face = picture => media.Face(job.Id, picture),
            };
        }

        var copies = new List<CachedFile>();
        var folder = media.Scratch(token);
        Directory.CreateDirectory(folder);
        void Release()
        {
            copies.ForEach(copy => copy.Dispose());
            Directory.Delete(folder, recursive: true);
        }

        async Task<string> TakeAsync(Task<CachedFile> copying)
        {
            copies.Add(await copying);
            return copies[^1].Path;
        }

        try
        {
            var analysis = Path.Combine(folder, "analysis");
            var segments = new Dictionary<int, string>();
            if (item.Kind is WorkKind.Segment or WorkKind.Join)
            {
                var made = await MadeAsync(job, cancellationToken);
                var analysed = made.First(work => work.Kind == WorkKind.Analyse);
                analysis = await TakeAsync(CopyAsync(store, AnalysisName(job.Id, analysed.Digest!), analysed, cancellationToken));
                foreach (var work in made.Where(work => item.Kind == WorkKind.Join && work.Kind == WorkKind.Segment))
                {
                    segments[work.Segment] = await TakeAsync(CopyAsync(store, SegmentName(job.Id, work.Digest!), work, cancellationToken));
                }
            }

            var preview = Path.Combine(folder, "preview.png");
            var video =
                item.Kind == WorkKind.Score
                    ? await TakeAsync(CopyAsync(store, ResultName(job), job.ResultDigest!, cancellationToken))
                    : await TakeAsync(UploadAsync(job.VideoId, cancellationToken));
            return new WorkFiles
            {
                Job = job,
                Video = video,
                Audio = item.Kind == WorkKind.Score ? string.Empty : await TakeAsync(UploadAsync(job.AudioId, cancellationToken)),
                Picture = FacePicture.Of(job) is { } named && item.Kind != WorkKind.Score ? await TakeAsync(UploadAsync(named, cancellationToken)) : null,
                Analysis = analysis,
                Output = Path.Combine(folder, "result" + job.Container),
                Preview = preview,
                Segment = segment => segments.GetValueOrDefault(segment) ?? Path.Combine(folder, Invariant($"{segment:00000}.seg")),
                Face = picture => Path.Combine(folder, Path.GetFileName(media.Face(job.Id, picture))),
                SendPreview = () => SendPreviewAsync(store, job.Id, preview),
                Release = Release,
            };
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <summary>Keeps what the analysis made.</summary>
    /// <returns>Its digest; null where files stay in their place.</returns>
    public async Task<string?> KeepAnalysisAsync(WorkFiles files, CancellationToken cancellationToken)
    {
        if (_store is not { } store)
        {
            return null;
        }

        var pictures = Enumerable.Range(0, MostFaces).Select(files.Face).Where(File.Exists);
        foreach (var picture in pictures)
        {
            await store.PutAsync(JobFolder + files.Job.Id + "/" + Path.GetFileName(picture), picture, cancellationToken);
        }

        var digest = await DigestAsync(files.Analysis, cancellationToken);
        await store.PutAsync(AnalysisName(files.Job.Id, digest), files.Analysis, cancellationToken);
        return digest;
    }

    /// <summary>Keeps a segment.</summary>
    /// <inheritdoc cref="KeepAnalysisAsync" path="/returns"/>
    public async Task<string?> KeepSegmentAsync(WorkFiles files, int segment, CancellationToken cancellationToken)
    {
        if (_store is not { } store)
        {
            return null;
        }

        var digest = await DigestAsync(files.Segment(segment), cancellationToken);
        await store.PutAsync(SegmentName(files.Job.Id, digest), files.Segment(segment), cancellationToken);
        return digest;
    }

    /// <summary>Keeps the result.</summary>
    /// <returns>Its length and digest.</returns>
    public async Task<(long Bytes, string Digest)> KeepResultAsync(WorkFiles files, CancellationToken cancellationToken)
    {
        var digest = await DigestAsync(files.Output, cancellationToken);
        if (_store is { } store)
        {
            await store.PutAsync(ResultName(files.Job.Id, digest, files.Job.Container), files.Output, cancellationToken);
        }

        return (new FileInfo(files.Output).Length, digest);
    }

    /// <summary>Sends the result of a job: ranges, and an ETag that is its digest.</summary>
    public IResult SendResult(Job job, string contentType, string? downloadName)
    {
        var tag = new EntityTagHeaderValue($"\"{job.ResultDigest}\"");
        return _store is not { } store
            ? Results.File(media.Result(job.Id, job.Container), contentType, downloadName, entityTag: tag, enableRangeProcessing: true)
            : Stream(store, [new StoredPiece(ResultName(job), job.ResultBytes ?? 0, job.ResultDigest)], contentType, downloadName, tag);
    }

    /// <summary>Sends the newest picture of a job; null if there is none.</summary>
    public Task<IResult?> SendPreviewAsync(Job job, CancellationToken cancellationToken) => SendPictureAsync(job, media.Preview(job.Id), cancellationToken);

    /// <summary>Sends the picture of a face; null if there is none.</summary>
    public Task<IResult?> SendFaceAsync(Job job, int picture, CancellationToken cancellationToken) =>
        SendPictureAsync(job, media.Face(job.Id, picture), cancellationToken);

    /// <summary>Whether a job has a picture. Where asking the store would take a request each, whether it should have one.</summary>
    public bool HasPreview(Job job) => _store is null ? File.Exists(media.Preview(job.Id)) : job.SegmentsDone > 0;

    /// <summary>Reads an upload that is complete.</summary>
    public async Task<Stream> OpenUploadAsync(string id, CancellationToken cancellationToken) =>
        _store is { } store && media.Parts ? new StoreStream(store, await PartsAsync(id, cancellationToken)) : File.OpenRead(media.Upload(id));

    /// <summary>What a finished job does not need any more.</summary>
    public async Task DeleteSegmentsAsync(string id, CancellationToken cancellationToken)
    {
        if (_store is { } store)
        {
            await store.DeleteAsync(JobFolder + id + "/segments/", cancellationToken);
        }
        else
        {
            media.DeleteSegments(id);
        }
    }

    /// <summary>All files of a job but for its inputs, which are uploads.</summary>
    public async Task DeleteJobAsync(string id, CancellationToken cancellationToken)
    {
        media.DeleteJob(id);
        if (_store is { } store)
        {
            await store.DeleteAsync(JobFolder + id + "/", cancellationToken);
        }
    }

    /// <summary>The bytes of an upload.</summary>
    public async Task DeleteUploadAsync(string id, CancellationToken cancellationToken)
    {
        media.DeleteUpload(id);
        if (_store is { } store && media.Parts)
        {
            await store.DeleteAsync(UploadPrefix(id), cancellationToken);
        }
    }

    /// <summary>Jobs that have files.</summary>
    public IAsyncEnumerable<string> JobIdsAsync(CancellationToken cancellationToken) =>
        _store is { } store ? store.FoldersAsync(JobFolder, cancellationToken) : media.JobIds().ToAsyncEnumerable();

    /// <summary>Uploads that have parts.</summary>
    public IAsyncEnumerable<string> UploadIdsAsync(CancellationToken cancellationToken) =>
        _store is { } store && media.Parts ? store.FoldersAsync("uploads/", cancellationToken) : AsyncEnumerable.Empty<string>();

    /// <summary>What the names of an upload's parts begin with.</summary>
    public static string UploadPrefix(string id) => "uploads/" + id + "/";

    /// <summary>SHA-256 of a file in lower-case hexadecimal.</summary>
    public static async Task<string> DigestAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
    }

    private static IResult Stream(
        IFileStore store,
        IReadOnlyList<StoredPiece> pieces,
        string contentType,
        string? downloadName = null,
        EntityTagHeaderValue? tag = null,
        DateTimeOffset? modified = null
    ) => Results.Stream(new StoreStream(store, pieces), contentType, downloadName, modified, tag, enableRangeProcessing: true);

    private async Task<IResult?> SendPictureAsync(Job job, string path, CancellationToken cancellationToken)
    {
        const string type = "image/png";
        if (_store is not { } store)
        {
            return File.Exists(path) ? Results.File(path, type, lastModified: new DateTimeOffset(File.GetLastWriteTimeUtc(path))) : null;
        }

        var name = JobFolder + job.Id + "/" + Path.GetFileName(path);
        return await store.FindAsync(name, cancellationToken) is { } file
            ? Stream(store, [new StoredPiece(name, file.Length, null)], type, modified: file.ModifiedAt)
            : null;
    }

    private async Task SendPreviewAsync(IFileStore store, string id, string path)
    {
        try
        {
            await store.PutAsync(JobFolder + id + "/preview.png", path, CancellationToken.None);
        }
        catch (IOException error)
        {
            // The next one replaces it; the work goes on.
            LogPreviewFailed(id, error.Message);
        }
    }

    /// <summary>What another piece of work made.</summary>
    private async Task<CachedFile> CopyAsync(IFileStore store, string name, WorkItem madeBy, CancellationToken cancellationToken)
    {
        try
        {
            return await CopyAsync(store, name, madeBy.Digest!, cancellationToken);
        }
        catch (SpoiledFileException error)
        {
            throw new SpoiledFileException(error.Message) { MadeBy = madeBy };
        }
    }

    private async Task<CachedFile> CopyAsync(IFileStore store, string name, string digest, CancellationToken cancellationToken)
    {
        var file = await store.FindAsync(name, cancellationToken) ?? throw new SpoiledFileException($"The storage has no \"{name}\" any more.");
        return await cache.GetAsync(digest, store, [new StoredPiece(name, file.Length, digest)], cancellationToken);
    }

    private async Task<CachedFile> UploadAsync(string id, CancellationToken cancellationToken) =>
        media.Parts
            ? await cache.GetAsync(id, _store!, await PartsAsync(id, cancellationToken), cancellationToken)
            : new CachedFile(media.Upload(id), () => { });

    private async Task<List<StoredPiece>> PartsAsync(string id, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database
            .UploadParts.AsNoTracking()
            .Where(part => part.UploadId == id)
            .OrderBy(part => part.Offset)
            .Select(part => new StoredPiece(part.Name, part.Length, part.Digest))
            .ToListAsync(cancellationToken);
    }

    /// <summary>What is made of a job: the newest analysis first.</summary>
    private async Task<List<WorkItem>> MadeAsync(Job job, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database
            .Work.AsNoTracking()
            .Where(work => work.JobId == job.Id && work.State == WorkState.Done && work.Digest != null)
            .OrderByDescending(work => work.Id)
            .ToListAsync(cancellationToken);
    }

    private static string AnalysisName(string id, string digest) => $"{JobFolder}{id}/analysis/{digest}";

    private static string SegmentName(string id, string digest) => $"{JobFolder}{id}/segments/{digest}";

    private static string ResultName(Job job) => ResultName(job.Id, job.ResultDigest!, job.Container);

    private static string ResultName(string id, string digest, string container) => $"{JobFolder}{id}/result/{digest}{container}";

    [LoggerMessage(Level = LogLevel.Warning, Message = "The preview of job {Job} could not be stored: {Reason}")]
    private partial void LogPreviewFailed(string job, string reason);
}
