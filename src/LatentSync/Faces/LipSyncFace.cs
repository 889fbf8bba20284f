using System.Runtime.InteropServices;

namespace LatentSync;

/// <summary>A face that was found in a frame: an upright rectangle in pixels of the frame, which may reach outside it.</summary>
/// <param name="Left">Its left side.</param>
/// <param name="Top">Its upper side.</param>
/// <param name="Right">Its right side.</param>
/// <param name="Bottom">Its lower side.</param>
/// <param name="IsChosen">Whether its mouth is painted.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LipSyncFace(double Left, double Top, double Right, double Bottom, bool IsChosen);
