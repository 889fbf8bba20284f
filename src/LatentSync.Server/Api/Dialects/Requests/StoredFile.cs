namespace LatentSync.Server.Api.Dialects.Requests;

/// <summary>A file of a form that was put where uploads are.</summary>
/// <param name="UploadId">Its upload, which is complete.</param>
/// <param name="Name">The client's name for it.</param>
/// <param name="ContentType">What the client says it is.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its digest in lower-case hexadecimal.</param>
internal sealed record StoredFile(string UploadId, string? Name, string ContentType, long Bytes, string Sha256);
