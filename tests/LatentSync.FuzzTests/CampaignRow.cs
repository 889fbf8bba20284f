namespace LatentSync.FuzzTests;

/// <summary>What the cases of one parser came to.</summary>
/// <param name="Parser">What was attacked.</param>
internal sealed record CampaignRow(string Parser)
{
    /// <summary>Inputs that were shown.</summary>
    public int Cases { get; private set; }

    /// <summary>Inputs that were refused with a documented error; the others were read.</summary>
    public int Refused { get; private set; }

    /// <summary>The most that one case allocated, in bytes.</summary>
    public long MostAllocated { get; private set; }

    /// <summary>The longest case.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>All cases together.</summary>
    public TimeSpan Time { get; init; }

    public void Count(bool isRefused)
    {
        Cases++;
        Refused += isRefused ? 1 : 0;
    }

    public void Measure(long allocated, TimeSpan time)
    {
        MostAllocated = Math.Max(MostAllocated, allocated);
        Longest = time > Longest ? time : Longest;
    }
}
