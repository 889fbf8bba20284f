using System.Text.Json.Nodes;

namespace LatentSync.Server.Api.Views;

/// <summary>The result of a job.</summary>
/// <param name="Url">Where the file is; it takes ranges.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its digest in lower-case hexadecimal.</param>
/// <param name="Details">Frames, size, counts and times, as <c>latentsync sync --json</c> tells them.</param>
internal sealed record ResultView(string Url, long Bytes, string Sha256, JsonNode Details);
