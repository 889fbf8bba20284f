using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LatentSync.Server.Engines;

/// <summary>Reads and writes the messages of docs/worker-protocol.md, as the host.</summary>
internal sealed class EngineStream(Stream input, Stream output)
{
    private const int HeaderLength = 5;
    private const int LongestJson = 1 << 20;
    private const byte Json = (byte)'J';

    private readonly byte[] _header = new byte[HeaderLength];

    /// <summary>Sends a JSON object.</summary>
    public async Task WriteAsync(JsonObject message, CancellationToken cancellationToken)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(message);
        var bytes = new byte[HeaderLength + payload.Length];
        bytes[0] = Json;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), payload.Length);
        payload.CopyTo(bytes, HeaderLength);
        await input.WriteAsync(bytes, cancellationToken);
        await input.FlushAsync(cancellationToken);
    }

    /// <summary>The next event; null at the end.</summary>
    /// <exception cref="EngineException">The engine does not keep to the protocol.</exception>
    public async Task<JsonObject?> ReadAsync(CancellationToken cancellationToken)
    {
        var read = await output.ReadAtLeastAsync(_header, HeaderLength, throwOnEndOfStream: false, cancellationToken);
        if (read < HeaderLength)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(_header.AsSpan(1));
        if (_header[0] != Json || length > LongestJson)
        {
            throw new EngineException(EngineException.Unfit, Invariant($"The engine sent {length} bytes of type {_header[0]}; only JSON is expected."));
        }

        var buffer = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            var payload = buffer.AsMemory(0, (int)length);
            if (await output.ReadAtLeastAsync(payload, payload.Length, throwOnEndOfStream: false, cancellationToken) < payload.Length)
            {
                return null;
            }

            return JsonNode.Parse(payload.Span) as JsonObject ?? throw new EngineException(EngineException.Unfit, "The engine sent JSON that is no object.");
        }
        catch (JsonException error)
        {
            throw new EngineException(EngineException.Unfit, $"The engine sent what is no JSON: {error.Message}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
