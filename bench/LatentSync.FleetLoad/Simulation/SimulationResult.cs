namespace LatentSync.FleetLoad.Simulation;

/// <summary>What came of a simulation.</summary>
internal sealed record SimulationResult
{
    /// <summary>From the first arrival to the last end, in seconds.</summary>
    public required double Elapsed { get; init; }

    /// <summary>Pieces of work a second.</summary>
    public required double Pieces { get; init; }

    /// <summary>Share of the workers' time in which they generated.</summary>
    public required double Generating { get; init; }

    /// <summary>Share of the workers' time in which they waited for files.</summary>
    public required double Fetching { get; init; }

    /// <summary>Share of the workers' time in which they joined or analysed.</summary>
    public required double Beside { get; init; }

    /// <summary>Share of the time in which the database worked for pieces.</summary>
    public required double Database { get; init; }

    /// <summary>Bytes a second that the storage carried.</summary>
    public required double StorageRate { get; init; }

    /// <summary>Share of the time in which the storage worked.</summary>
    public required double Storage { get; init; }

    /// <summary>How many workers fetched the input of a job, on average.</summary>
    public required double Copies { get; init; }

    /// <summary>Seconds from submission until a worker begins: median and 95 of 100.</summary>
    public required (double Median, double High) Wait { get; init; }

    /// <summary>Seconds from submission to the result: median and 95 of 100.</summary>
    public required (double Median, double High) Whole { get; init; }

    /// <summary>The longest join.</summary>
    public required double LongestJoin { get; init; }
}
