namespace LatentSync.Media.Packets;

/// <summary>What a file says of the time of a packet.</summary>
/// <param name="Start">When it is shown or heard, in seconds.</param>
/// <param name="Duration">In seconds; 0 if unknown.</param>
/// <param name="Tick">Seconds to which both are rounded.</param>
internal readonly record struct Packet(double Start, double Duration, double Tick);
