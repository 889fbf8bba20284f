using LatentSync.Server.Data;
using Microsoft.AspNetCore.StaticFiles;

namespace LatentSync.Server.Api.Dialects;

/// <summary>What the dialects tell of an upload.</summary>
internal static class UploadFacts
{
    public const string UnknownType = "application/octet-stream";

    private static readonly FileExtensionContentTypeProvider Types = new();

    /// <summary>The type by the extension of its name.</summary>
    public static string ContentType(Upload upload) => upload.Name is { } name && Types.TryGetContentType(name, out var type) ? type : UnknownType;
}
