using System.Text.Json;

namespace LatentSync.Client;

/// <summary>The result of a job.</summary>
/// <param name="Url">Where it is, on its server.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its digest in lower-case hexadecimal.</param>
/// <param name="Details">Frames, size, counts and times.</param>
public sealed record ServerJobResult(string Url, long Bytes, string Sha256, JsonElement Details);
