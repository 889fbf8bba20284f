using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace LatentSync.Server.Uploads;

/// <summary>The headers of tus 1.0 (https://tus.io/protocols/resumable-upload).</summary>
internal static class TusHeaders
{
    public const string Version = "1.0.0";
    public const string Extensions = "creation,creation-with-upload,expiration,termination";
    public const string ContentType = "application/offset+octet-stream";

    public const string Resumable = "Tus-Resumable";
    public const string Offset = "Upload-Offset";
    public const string Length = "Upload-Length";
    public const string Metadata = "Upload-Metadata";
    public const string Expires = "Upload-Expires";

    /// <summary>Whether a request speaks tus.</summary>
    public static bool IsTus(HttpRequest request) => request.Headers.ContainsKey(Resumable);

    /// <summary>A count of bytes; null if there is none or it is no count.</summary>
    public static long? Count(HttpRequest request, string header) =>
        long.TryParse(request.Headers[header], NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;

    /// <summary>The file's name of <c>Upload-Metadata: filename d29ybGQ=,type ...</c>; null if there is none.</summary>
    public static string? FileName(HttpRequest request)
    {
        foreach (var pair in request.Headers[Metadata].ToString().Split(',', StringSplitOptions.TrimEntries))
        {
            if (pair.Split(' ', 2) is ["filename" or "name", var encoded])
            {
                var bytes = new byte[encoded.Length];
                return Convert.TryFromBase64String(encoded, bytes, out var written) ? Encoding.UTF8.GetString(bytes, 0, written) : null;
            }
        }

        return null;
    }
}
