namespace LatentSync.TestKit.Hub;

/// <summary>An answer, which may be as wrong as it likes.</summary>
internal sealed record HubAnswer(int Status, byte[] Body)
{
    public Dictionary<string, string> Headers { get; init; } = [];

    /// <summary>The connection is closed after so many bytes of the body.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Nothing more is sent after so many bytes of the body, and the connection stays open until the server ends.</summary>
    public int? HangAfter { get; init; }

    /// <summary>The Content-Length, where it is not that of the body.</summary>
    public long? StatedLength { get; init; }

    public static HubAnswer Error(int status, params (string Name, string Value)[] headers) =>
        new(status, []) { Headers = headers.ToDictionary(header => header.Name, header => header.Value, StringComparer.OrdinalIgnoreCase) };
}
