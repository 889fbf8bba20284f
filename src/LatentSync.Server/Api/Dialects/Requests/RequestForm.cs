using System.Security.Cryptography;
using System.Text;
using LatentSync.Server.Jobs;
using LatentSync.Server.Uploads;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace LatentSync.Server.Api.Dialects.Requests;

/// <summary>A body of several parts (RFC 7578). Files go to the disk as they come in and are uploads like others; other parts are texts.</summary>
internal sealed class RequestForm
{
    private const int MostParts = 64;
    private const int LongestText = 1 << 16;
    private const int LongestBoundary = 200;

    private readonly List<KeyValuePair<string, string>> _texts = [];
    private readonly Dictionary<string, StoredFile> _files = new(StringComparer.Ordinal);
    private readonly IncrementalHash _digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private RequestForm() { }

    /// <summary>Texts in their order; a name may be there more than once.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Texts => _texts;

    /// <summary>Files by the names of their parts.</summary>
    public IReadOnlyDictionary<string, StoredFile> Files => _files;

    /// <summary>SHA-256 of names and contents; the boundary, which clients draw anew for each attempt, is not in it.</summary>
    public byte[] Digest { get; private set; } = [];

    /// <summary>Ids of the uploads that came with it.</summary>
    public IReadOnlyList<string> UploadIds => [.. _files.Values.Select(file => file.UploadId)];

    /// <summary>Whether a request has a form.</summary>
    public static bool IsForm(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a form; if it cannot be read, its files are deleted.</summary>
    /// <param name="context">The request.</param>
    /// <param name="uploads">Where files go.</param>
    /// <param name="owner">Whose they are.</param>
    /// <param name="fileNames">Parts that are files, if they have a file's name.</param>
    /// <param name="cancellationToken">The client has gone.</param>
    /// <exception cref="RequestException">415, 400, 413, 422, 507.</exception>
    public static async Task<RequestForm> ReadAsync(
        HttpContext context,
        UploadService uploads,
        string owner,
        IReadOnlyCollection<string> fileNames,
        CancellationToken cancellationToken
    )
    {
        var boundary = IsForm(context.Request) ? HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(context.Request.ContentType).Boundary).Value : null;
        if (boundary is not { Length: > 0 and <= LongestBoundary })
        {
            throw new RequestException(415, "invalid_request", "The body is to be a form: send Content-Type: multipart/form-data with a boundary.");
        }

        // Files count their bytes themselves, texts are short.
        DialectJson.AllowLongBody(context, longest: null);
        var form = new RequestForm();
        try
        {
            var parts = new MultipartReader(boundary, context.Request.Body);
            for (var count = 0; await parts.ReadNextSectionAsync(cancellationToken) is { } part; count++)
            {
                if (count == MostParts)
                {
                    throw Invalid(Invariant($"it has more than {MostParts} parts"));
                }

                await form.ReadAsync(part, uploads, owner, fileNames, cancellationToken);
            }

            form.Digest = form._digest.GetHashAndReset();
            return form;
        }
        catch (Exception error)
        {
            await form.DiscardAsync(uploads, owner);
            if (error is InvalidDataException || IsCutOff(error))
            {
                throw Invalid(error.Message.TrimEnd('.'));
            }

            throw;
        }
        finally
        {
            form._digest.Dispose();
        }
    }

    /// <summary>Deletes its files: no job came of them.</summary>
    public async Task DiscardAsync(UploadService uploads, string owner)
    {
        foreach (var id in UploadIds)
        {
            await uploads.DeleteAsync(owner, id, CancellationToken.None);
        }
    }

    private async Task ReadAsync(
        MultipartSection part,
        UploadService uploads,
        string owner,
        IReadOnlyCollection<string> fileNames,
        CancellationToken cancellationToken
    )
    {
        if (part.GetContentDispositionHeader() is not { } disposition || !disposition.IsFormDisposition() && !disposition.IsFileDisposition())
        {
            throw Invalid("a part has no Content-Disposition: form-data");
        }

        var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
        byte[] digest;
        if (disposition.IsFileDisposition() && fileNames.Contains(name, StringComparer.Ordinal))
        {
            if (_files.ContainsKey(name))
            {
                throw Invalid($"the file \"{name}\" is in it twice");
            }

            var file = await StoreAsync(part, FileName(disposition), uploads, owner, cancellationToken);
            _files.Add(name, file);
            digest = Convert.FromHexString(file.Sha256);
        }
        else
        {
            var text = await TextAsync(part.Body, name, cancellationToken);
            _texts.Add(new(name, text));
            digest = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        }

        _digest.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        _digest.AppendData(digest);
    }

    private static async Task<StoredFile> StoreAsync(
        MultipartSection part,
        string? name,
        UploadService uploads,
        string owner,
        CancellationToken cancellationToken
    )
    {
        var upload = await uploads.CreateAsync(owner, name, length: null, cancellationToken);
        try
        {
            await using var body = new HashedStream(part.Body);
            var bytes = await uploads.AppendAsync(upload, 0, body, isWhole: true, cancellationToken);
            var type = part.ContentType ?? "application/octet-stream";
            return new StoredFile(upload.Id, name, type, bytes, body.TakeDigest());
        }
        catch
        {
            await uploads.DeleteAsync(owner, upload.Id, CancellationToken.None);
            throw;
        }
    }

    private static async Task<string> TextAsync(Stream body, string name, CancellationToken cancellationToken)
    {
        var text = new byte[LongestText + 1];
        var length = await body.ReadAtLeastAsync(text, text.Length, throwOnEndOfStream: false, cancellationToken);
        return length <= LongestText
            ? Encoding.UTF8.GetString(text, 0, length)
            : throw new RequestException(
                413,
                "too_large",
                Invariant($"The part \"{name}\" has more than {LongestText} bytes, or is to be a file under another name.")
            )
            {
                Field = name,
            };
    }

    private static string? FileName(ContentDispositionHeaderValue disposition)
    {
        var name = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName);
        return name.HasValue ? name.Value : null;
    }

    /// <summary>The body ends before its last boundary.</summary>
    private static bool IsCutOff(Exception error) =>
        error.GetType() == typeof(IOException) && error.Message.StartsWith("Unexpected end of Stream", StringComparison.Ordinal);

    private static RequestException Invalid(string reason) => new(400, "invalid_request", $"The form cannot be read: {reason}.");
}
