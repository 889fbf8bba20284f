namespace LatentSync.Page.Jobs;

/// <summary>A part of a video whose frames stay as they are.</summary>
/// <param name="Start">Its first second.</param>
/// <param name="End">Its last second.</param>
/// <param name="Frames">Its frames.</param>
/// <param name="Reason">As analyses name it, such as <c>turned_away</c>.</param>
public sealed record GapFacts(double Start, double End, int Frames, string Reason);
