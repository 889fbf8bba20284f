namespace LatentSync.FrontEnd.Engines;

/// <summary>Which model a job uses.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Reason">Why this one, as the end of "sync uses it because ...".</param>
/// <param name="Notice">One line for a user who did not say which; null if he did.</param>
internal sealed record ModelChoice(string Folder, FormattableString Reason, FormattableString? Notice = null);
