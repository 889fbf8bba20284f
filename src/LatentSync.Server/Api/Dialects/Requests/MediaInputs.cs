using System.Text.RegularExpressions;
using LatentSync.Server.Jobs;
using LatentSync.Server.Security;
using LatentSync.Server.Settings;
using LatentSync.Server.Uploads;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Api.Dialects.Requests;

/// <summary>
/// Turns what clients of other services name as video and sound into what a job takes: addresses of files that were uploaded
/// here become those uploads, data URIs (RFC 2397) become uploads, other addresses are fetched where the settings allow it.
/// </summary>
internal sealed partial class MediaInputs(UploadService uploads, PublicAddress address, IOptions<ServerSettings> settings)
{
    /// <summary>The most bytes of files within a JSON body, as the clients have it.</summary>
    public const int MostDataBytes = 10_000_000;

    /// <summary>The longest JSON body with such files: base64 takes four letters for three bytes.</summary>
    public const long LongestDataBody = (MostDataBytes / 3 * 4) + (1 << 20);

    private const string DataPrefix = "data:";
    private const string Base64Mark = ";base64,";

    /// <summary>What a job takes as input.</summary>
    /// <param name="context">The request.</param>
    /// <param name="text">What the client wrote.</param>
    /// <param name="field">Where it wrote it.</param>
    /// <param name="stored">Gets the ids of uploads that are made here.</param>
    /// <param name="cancellationToken">The client has gone.</param>
    /// <exception cref="RequestException">It is no input.</exception>
    public async Task<string> ResolveAsync(HttpContext context, string text, string field, ICollection<string> stored, CancellationToken cancellationToken)
    {
        if (text.StartsWith(DataPrefix, StringComparison.OrdinalIgnoreCase))
        {
            var id = await StoreAsync(context.Owner(), Decode(text, field), cancellationToken);
            stored.Add(id);
            return id;
        }

        try
        {
            return OwnUpload(context.Request, text) ?? InputAddress.Checked(text, settings.Value);
        }
        catch (RequestException error)
        {
            throw new RequestException(error.Status, error.Kind, error.Message) { Field = field };
        }
    }

    /// <summary>How an input is told of later: a data URI by the upload that it became.</summary>
    public static string Shown(string text, string input) => text.StartsWith(DataPrefix, StringComparison.OrdinalIgnoreCase) ? input : text;

    /// <summary>The id of an upload whose address of one of the dialects a client names; null if it is another address.</summary>
    public string? OwnUpload(HttpRequest request, string text)
    {
        var origin = address.Of(request);
        return text.StartsWith(origin + "/", StringComparison.OrdinalIgnoreCase) && OwnPath.Match(text[origin.Length..]) is { Success: true } match
            ? match.Groups["id"].Value
            : null;
    }

    [GeneratedRegex(
        @"^(?:/replicate/v1/files/|/sync\.so/v2/files/)(?<id>upl_[0-9a-f]{32})(?:/[^/?#]*)?$",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex OwnPath { get; }

    private async Task<string> StoreAsync(string owner, byte[] bytes, CancellationToken cancellationToken)
    {
        var upload = await uploads.CreateAsync(owner, name: null, bytes.Length, cancellationToken);
        using var body = new MemoryStream(bytes);
        await uploads.AppendAsync(upload, 0, body, isWhole: true, CancellationToken.None);
        return upload.Id;
    }

    private static byte[] Decode(string text, string field)
    {
        var mark = text.IndexOf(Base64Mark, StringComparison.OrdinalIgnoreCase);
        if (mark < 0)
        {
            throw new RequestException(422, "invalid_input", $"The data URI of \"{field}\" is to be in base64; upload the file instead, or encode it so.")
            {
                Field = field,
            };
        }

        var letters = text.AsSpan(mark + Base64Mark.Length);
        var bytes = new byte[(letters.Length / 4 * 3) + 3];
        if (!Convert.TryFromBase64Chars(letters, bytes, out var length))
        {
            throw new RequestException(422, "invalid_input", $"The data URI of \"{field}\" is no valid base64.") { Field = field };
        }

        return length <= MostDataBytes
            ? bytes[..length]
            : throw new RequestException(
                413,
                "too_large",
                Invariant($"The data URI of \"{field}\" has {length} bytes, and {MostDataBytes} are the most; upload the file instead.")
            )
            {
                Field = field,
            };
    }
}
