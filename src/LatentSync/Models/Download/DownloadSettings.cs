namespace LatentSync.Models.Download;

/// <summary>How files are downloaded; tests set smaller parts and a clock that does not wait.</summary>
internal sealed record DownloadSettings
{
    /// <summary>Parts of one file that are downloaded at the same time.</summary>
    public int PartCount { get; init; } = 4;

    /// <summary>No part is smaller, in bytes: below this, one connection is as fast.</summary>
    public long MinimumPartLength { get; init; } = 16 << 20;

    /// <summary>The journal is written whenever this many bytes came: what a killed process may have to download again.</summary>
    public long JournalInterval { get; init; } = 8 << 20;

    /// <summary>A server that sends nothing for so long is asked again.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Waits between two attempts.</summary>
    public Func<TimeSpan, CancellationToken, Task> Delay { get; init; } = Task.Delay;

    /// <summary>Free bytes on the disk of a folder.</summary>
    public Func<string, long> FreeSpace { get; init; } =
        folder => new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder).AvailableFreeSpace;

    /// <summary>The date of manifests, and the clock of rates.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
