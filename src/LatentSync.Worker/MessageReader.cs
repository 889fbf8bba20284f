using System.Buffers;
using System.Buffers.Binary;

namespace LatentSync.Worker;

/// <summary>Reads messages: type, length, payload. The caller takes or skips the payload before the next header.</summary>
internal sealed class MessageReader(Stream input)
{
    /// <summary>The longest JSON object that is read, in bytes.</summary>
    public const int LongestJson = 1 << 20;

    /// <summary>The longest payload of any kind, in bytes: a picture of 8192x8192.</summary>
    public const int LongestPayload = LipSyncFramesRequest.LongestSide * LipSyncFramesRequest.LongestSide * 3;

    private const int HeaderLength = 5;
    private const int SkippedAtOnce = 1 << 16;

    private readonly byte[] _header = new byte[HeaderLength];

    /// <summary>Waits for the next message; null at the end of the input.</summary>
    /// <exception cref="ProtocolException">No such type, too long, or the input ends within the header.</exception>
    public (MessageType Type, int Length)? ReadHeader()
    {
        var read = input.ReadAtLeast(_header, HeaderLength, throwOnEndOfStream: false);
        if (read == 0)
        {
            return null;
        }

        if (read < HeaderLength)
        {
            throw new ProtocolException("The input ended within a message.");
        }

        var (type, length) = ((MessageType)_header[0], BinaryPrimitives.ReadUInt32LittleEndian(_header.AsSpan(1)));
        if (type is not (MessageType.Json or MessageType.Frame or MessageType.Audio))
        {
            throw new ProtocolException(Invariant($"A message has the unknown type {_header[0]}; only J, F and A are messages."));
        }

        var longest = type == MessageType.Json ? LongestJson : LongestPayload;
        return length <= longest
            ? (type, (int)length)
            : throw new ProtocolException(Invariant($"A message of type {(char)type} has {length} bytes; at most {longest} are read."));
    }

    /// <summary>Reads a payload.</summary>
    /// <exception cref="ProtocolException">The input ends within it.</exception>
    public void Read(Span<byte> payload)
    {
        if (input.ReadAtLeast(payload, payload.Length, throwOnEndOfStream: false) < payload.Length)
        {
            throw new ProtocolException("The input ended within a message.");
        }
    }

    /// <summary>Reads a payload that nobody wants any more.</summary>
    public void Skip(int length)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(SkippedAtOnce);
        for (; length > 0; length -= Math.Min(length, SkippedAtOnce))
        {
            Read(buffer.AsSpan(0, Math.Min(length, SkippedAtOnce)));
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }
}
