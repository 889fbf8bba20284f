using LatentSync.Server.Data;

namespace LatentSync.Server.Api.Views;

/// <summary>An upload.</summary>
/// <param name="Id">What a job names.</param>
/// <param name="Name">The client's name for the file.</param>
/// <param name="Bytes">Its length; null while that is not known.</param>
/// <param name="Received">Bytes that are here.</param>
/// <param name="IsComplete">Whether a job can begin with it.</param>
/// <param name="ExpiresAt">When it is deleted if no job needs it.</param>
internal sealed record UploadView(string Id, string? Name, long? Bytes, long Received, bool IsComplete, DateTimeOffset ExpiresAt)
{
    public static UploadView Of(Upload upload, long received) => new(upload.Id, upload.Name, upload.Length, received, upload.IsComplete, upload.ExpiresAt);
}
