namespace LatentSync;

/// <summary>How far a download, a check or an import of a model is.</summary>
/// <param name="Action">What is done: "download", "verify" or "import".</param>
/// <param name="Done">Bytes finished, of all files together.</param>
/// <param name="Total">Bytes in all.</param>
/// <param name="BytesPerSecond">The rate of the last seconds; 0 while unknown.</param>
/// <param name="Remaining">Estimated time left; null while unknown.</param>
public sealed record ModelProgress(string Action, long Done, long Total, double BytesPerSecond, TimeSpan? Remaining);
