using LatentSync.Media.Probe;

namespace LatentSync.Pipeline.Segments;

/// <summary>What is wrong with an input, wherever the file lies.</summary>
/// <param name="End"><see cref="InputDamage.End"/>.</param>
/// <param name="Expected"><see cref="InputDamage.Expected"/>.</param>
/// <param name="IsBrokenOff"><see cref="InputDamage.IsBrokenOff"/>.</param>
/// <param name="Complaints"><see cref="InputDamage.Complaints"/>.</param>
internal sealed record StoredDamage(TimeSpan End, TimeSpan? Expected, bool IsBrokenOff, string Complaints)
{
    /// <summary>What is wrong with a file; null for nothing.</summary>
    public static StoredDamage? Of(InputDamage? damage) =>
        damage is null ? null : new StoredDamage(damage.End, damage.Expected, damage.IsBrokenOff, damage.Complaints);

    /// <summary>The same of a file somewhere.</summary>
    public InputDamage At(string path) => new(path, End, Expected, IsBrokenOff, Complaints);
}
