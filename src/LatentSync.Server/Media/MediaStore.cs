using LatentSync.Server.Settings;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Media;

/// <summary>Where files are. Names are made of ids only; nothing that a client says becomes a part of a path.</summary>
internal sealed class MediaStore(IOptions<ServerSettings> settings)
{
    /// <summary>Folder of the inputs in the data folder.</summary>
    public const string UploadFolder = "uploads";

    /// <summary>Folder of the jobs' folders in the data folder.</summary>
    public const string JobFolder = "jobs";

    /// <summary>A result's name without its extension.</summary>
    public const string ResultName = "result";

    private const string SegmentFolder = "segments";

    private readonly string _data = Path.GetFullPath(settings.Value.Data);
    private readonly string _uploads = Path.Combine(Path.GetFullPath(settings.Value.Store.Folder ?? settings.Value.Data), UploadFolder);

    /// <summary>The data folder.</summary>
    public string Folder => _data;

    /// <summary>The bytes of an upload.</summary>
    public string Upload(string id) => Path.Combine(_uploads, Checked(id));

    /// <summary>The folder of a job's files.</summary>
    public string Job(string id) => Path.Combine(_data, JobFolder, Checked(id));

    /// <summary>What the analysis found, for the engine.</summary>
    public string Analysis(string id) => Path.Combine(Job(id), "analysis");

    /// <summary>A segment.</summary>
    public string Segment(string id, int segment) => Path.Combine(Job(id), SegmentFolder, Invariant($"{segment:00000}.seg"));

    /// <summary>The result.</summary>
    /// <param name="id">The job.</param>
    /// <param name="container">Its extension with the point.</param>
    public string Result(string id, string container) => Path.Combine(Job(id), ResultName + container);

    /// <summary>A small picture of a face that the analysis found.</summary>
    public string Face(string id, int picture) => Path.Combine(Job(id), Invariant($"face-{picture:00}.png"));

    /// <summary>The newest picture of the job.</summary>
    public string Preview(string id) => Path.Combine(Job(id), "preview.png");

    /// <summary>Where the engine of a device works.</summary>
    public string Temporary(string device) => Path.Combine(_data, "tmp", Checked(device.Replace(':', '_')));

    /// <summary>A copy of a file that is elsewhere.</summary>
    /// <param name="key">The upload or the digest.</param>
    public string Copy(string key) => Path.Combine(_data, "cache", Checked(key));

    /// <summary>Whether uploads are kept in parts, because their storage cannot append.</summary>
    public bool Parts => settings.Value.Store.Bucket is not null;

    /// <summary>Where a piece of work keeps its files while it is done.</summary>
    /// <param name="token">The token of its lease: whoever does the same work meanwhile has another.</param>
    public string Scratch(string token) => Path.Combine(_data, "work", Checked(token));

    /// <summary>What pieces of work left behind whose process was killed.</summary>
    public void DeleteScratch() => Delete(Path.Combine(_data, "work"));

    /// <summary>Makes the folders of a job.</summary>
    public void CreateJob(string id) => Directory.CreateDirectory(Path.Combine(Job(id), SegmentFolder));

    /// <summary>Makes the folder of uploads.</summary>
    public void CreateUploads() => Directory.CreateDirectory(_uploads);

    /// <summary>What a finished job does not need any more.</summary>
    public void DeleteSegments(string id) => Delete(Path.Combine(Job(id), SegmentFolder));

    /// <summary>All files of a job but for its inputs, which are uploads.</summary>
    public void DeleteJob(string id) => Delete(Job(id));

    /// <summary>Jobs that have a folder.</summary>
    public IEnumerable<string> JobIds()
    {
        var folder = Path.Combine(_data, JobFolder);
        return Directory.Exists(folder) ? Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)) : [];
    }

    /// <summary>The bytes of an upload.</summary>
    public void DeleteUpload(string id)
    {
        if (Directory.Exists(_uploads))
        {
            File.Delete(Upload(id));
        }
    }

    /// <summary>Bytes that are free where the files are.</summary>
    public long FreeBytes() => Math.Min(Free(_data), settings.Value.Store.Folder is { } shared ? Free(shared) : long.MaxValue);

    /// <summary>Whether there is room for more work.</summary>
    /// <param name="bytes">What is going to be written.</param>
    public bool HasRoom(long bytes = 0) => FreeBytes() - bytes >= settings.Value.MinFreeBytes;

    /// <summary>Whether files can be written at all: there is room, and the disk is not read-only.</summary>
    public bool CanWrite()
    {
        try
        {
            var probe = Path.Combine(_data, ".probe");
            File.WriteAllBytes(probe, [0]);
            File.Delete(probe);
            return HasRoom();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static long Free(string folder) => new DriveInfo(folder).AvailableFreeSpace;

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Checked(string id) =>
        id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_') && id.Length > 0
            ? id
            : throw new ArgumentException("An id consists of letters, digits and underscores.", nameof(id));
}
