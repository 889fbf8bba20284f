using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LatentSync.Worker;

/// <summary>Writes messages, each whole, from any thread. A host that does not read makes the writer wait.</summary>
internal sealed class MessageWriter(Stream output)
{
    private const int HeaderLength = 5;

    private readonly Lock _gate = new();

    /// <summary>Writes an event.</summary>
    public void Write(JsonObject message) => Write(MessageType.Json, JsonSerializer.SerializeToUtf8Bytes(message));

    /// <summary>Writes a picture.</summary>
    public void WriteFrame(ReadOnlySpan<byte> pixels) => Write(MessageType.Frame, pixels);

    /// <summary>Writes an event and the mask that belongs to it, with nothing in between.</summary>
    public void WriteMask(JsonObject message, ReadOnlySpan<byte> weights)
    {
        lock (_gate)
        {
            Write(message);
            Write(MessageType.Mask, weights);
        }
    }

    private void Write(MessageType type, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        header[0] = (byte)type;
        BinaryPrimitives.WriteInt32LittleEndian(header[1..], payload.Length);
        lock (_gate)
        {
            output.Write(header);
            output.Write(payload);
            output.Flush();
        }
    }
}
