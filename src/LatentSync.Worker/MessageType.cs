namespace LatentSync.Worker;

/// <summary>The first byte of a message; see docs/worker-protocol.md.</summary>
internal enum MessageType : byte
{
    /// <summary>A JSON object in UTF-8.</summary>
    Json = (byte)'J',

    /// <summary>One picture: R, G, B of each pixel, row by row from the top.</summary>
    Frame = (byte)'F',

    /// <summary>Sound: float32, little endian, the channels of a sample together.</summary>
    Audio = (byte)'A',

    /// <summary>Where the next picture is painted: one byte for each pixel of a rectangle, row by row. Only the worker sends it.</summary>
    Mask = (byte)'M',
}
