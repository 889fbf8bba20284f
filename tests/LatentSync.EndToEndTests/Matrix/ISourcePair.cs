namespace LatentSync.EndToEndTests.Matrix;

/// <summary>A container and an encoder.</summary>
public interface ISourcePair
{
    /// <summary>As a row of the table.</summary>
    string Name { get; }

    /// <summary>Packets have times of their own, so that holes survive.</summary>
    bool KeepsTimes { get; }

    /// <summary>Part of the short form.</summary>
    bool IsShort { get; }

    /// <summary>A part of the sentence with which the file is refused; null if it is read.</summary>
    string? Refused { get; }
}
