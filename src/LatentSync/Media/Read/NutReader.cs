using System.Buffers.Binary;
using LatentSync.Media.Formats;

namespace LatentSync.Media.Read;

/// <summary>
/// Reads raw frames with their times from a NUT stream of one video track, as ffmpeg writes it to a pipe. Frames of one
/// size; everything else in the stream is skipped.
/// </summary>
/// <param name="read">Reads what there is into a buffer; 0 means the end.</param>
internal sealed class NutReader(Func<Memory<byte>, CancellationToken, ValueTask<int>> read)
{
    private const int BufferLength = 1 << 16;
    private const int MostPacketBytes = 1 << 20;
    private const int CheckedPacketBytes = 4096;
    private const int ChecksumLength = 4;
    private const int LongestNumber = 9;
    private const int BitsPerByte = 7;
    private const int More = 0x80;
    private const byte StartcodeLetter = (byte)'N';

    // The first two letters, and a number chosen at random, of each kind of packet.
    private const ulong MainStartcode = 0x4E4D_7A56_1F5F_04AD;
    private const ulong StreamStartcode = 0x4E53_1140_5BF2_F9DB;
    private const ulong SyncpointStartcode = 0x4E4B_E4AD_EECA_4569;

    private static readonly byte[] FileId = [.. "nut/multimedia container\0"u8];

    private readonly byte[] _buffer = new byte[BufferLength];
    private int _start;
    private int _end;
    private NutHeader? _header;
    private Rational _timeBase;
    private int _ptsShift;
    private long _pts;

    /// <summary>Reads the next frame.</summary>
    /// <param name="pixels">Filled with it.</param>
    /// <param name="ticksPerSecond">The unit of the result.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The frame's time; null at the clean end.</returns>
    /// <exception cref="InvalidDataException">The stream is no NUT, or the frame has another size.</exception>
    /// <exception cref="EndOfStreamException">The stream ends within a frame.</exception>
    public async ValueTask<long?> ReadAsync(Memory<byte> pixels, int ticksPerSecond, CancellationToken cancellationToken)
    {
        if (_header is null)
        {
            if (!await FillAsync(1, cancellationToken).ConfigureAwait(false))
            {
                return null;
            }

            await ExpectFileIdAsync(cancellationToken).ConfigureAwait(false);
        }

        while (await FillAsync(1, cancellationToken).ConfigureAwait(false))
        {
            if (_buffer[_start] == StartcodeLetter)
            {
                await ReadPacketAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            await ReadFrameAsync(pixels, cancellationToken).ConfigureAwait(false);
            var ticks = (Int128)_pts * _timeBase.Numerator * ticksPerSecond / _timeBase.Denominator;
            return ticks <= long.MaxValue && ticks >= long.MinValue
                ? (long)ticks
                : throw new InvalidDataException("A time of the NUT stream is beyond all reason.");
        }

        return null;
    }

    private async ValueTask ExpectFileIdAsync(CancellationToken cancellationToken)
    {
        await RequireAsync(FileId.Length, cancellationToken).ConfigureAwait(false);
        if (!_buffer.AsSpan(_start, FileId.Length).SequenceEqual(FileId))
        {
            throw new InvalidDataException("The frames do not come in NUT.");
        }

        _start += FileId.Length;
    }

    private async ValueTask ReadPacketAsync(CancellationToken cancellationToken)
    {
        await RequireAsync(sizeof(ulong), cancellationToken).ConfigureAwait(false);
        var startcode = BinaryPrimitives.ReadUInt64BigEndian(_buffer.AsSpan(_start));
        _start += sizeof(ulong);
        var length = await NumberAsync(cancellationToken).ConfigureAwait(false);
        if (length is < ChecksumLength or > MostPacketBytes)
        {
            throw new InvalidDataException("A packet of the NUT stream is damaged.");
        }

        var packet = new byte[length + (length > CheckedPacketBytes ? ChecksumLength : 0)];
        await CopyAsync(packet, cancellationToken).ConfigureAwait(false);
        var body = packet.AsMemory(length > CheckedPacketBytes ? ChecksumLength : 0);
        switch (startcode)
        {
            case MainStartcode:
                _header = NutHeader.Parse(body);
                break;
            case StreamStartcode:
                ParseStream(new NutFields(body));
                break;
            case SyncpointStartcode:
                Synchronise(new NutFields(body));
                break;
        }
    }

    private void ParseStream(NutFields fields)
    {
        const int longestShift = 16;
        fields.Unsigned();
        fields.Unsigned();
        fields.Bytes();
        var index = fields.Unsigned(byte.MaxValue);
        _timeBase = index < _header?.TimeBases.Count ? _header.TimeBases[(int)index] : throw new InvalidDataException("The NUT stream has no time base.");
        _ptsShift = (int)fields.Unsigned(longestShift);
    }

    private void Synchronise(NutFields fields)
    {
        var bases =
            _header is { TimeBases.Count: > 0 } && _timeBase != default ? _header.TimeBases : throw new InvalidDataException("The NUT stream has no header.");
        var (ticks, index) = Math.DivRem(fields.Unsigned(), bases.Count);
        var unit = bases[(int)index];
        _pts = (long)((Int128)ticks * unit.Numerator * _timeBase.Denominator / ((Int128)unit.Denominator * _timeBase.Numerator));
    }

    private async ValueTask ReadFrameAsync(Memory<byte> pixels, CancellationToken cancellationToken)
    {
        var header = _header is not null && _timeBase != default ? _header : throw new InvalidDataException("The NUT stream has no header.");
        var code = header.Codes[_buffer[_start++]];
        var flags = code.Flags;
        if ((flags & NutFrameCode.CodedFlags) != 0)
        {
            flags ^= (int)await NumberAsync(cancellationToken).ConfigureAwait(false);
        }

        if ((flags & (NutFrameCode.Invalid | NutFrameCode.SideData)) != 0)
        {
            throw new InvalidDataException("A frame of the NUT stream is damaged.");
        }

        _ = await OptionalAsync(NutFrameCode.StreamId, 0).ConfigureAwait(false);
        _pts = (flags & NutFrameCode.CodedPts) != 0 ? Decode(await NumberAsync(cancellationToken).ConfigureAwait(false)) : _pts + code.PtsDelta;
        var size = code.Size + (code.SizeFactor * await OptionalAsync(NutFrameCode.SizeMsb, 0).ConfigureAwait(false));
        _ = await OptionalAsync(NutFrameCode.MatchTime, 0).ConfigureAwait(false);
        var index = await OptionalAsync(NutFrameCode.HeaderIdx, code.HeaderIndex).ConfigureAwait(false);
        for (var count = await OptionalAsync(NutFrameCode.Reserved, code.ReservedCount).ConfigureAwait(false); count > 0; count--)
        {
            await NumberAsync(cancellationToken).ConfigureAwait(false);
        }

        if ((flags & NutFrameCode.Checksum) != 0)
        {
            await RequireAsync(ChecksumLength, cancellationToken).ConfigureAwait(false);
            _start += ChecksumLength;
        }

        // Nothing is left out of a large frame, whatever its code says.
        var leftOut =
            size > CheckedPacketBytes ? []
            : index < header.LeftOut.Count ? header.LeftOut[(int)index]
            : throw new InvalidDataException("A frame of the NUT stream is damaged.");
        if (size != pixels.Length)
        {
            throw new InvalidDataException(Invariant($"A frame has {size} bytes instead of {pixels.Length}."));
        }

        if (leftOut.Length > pixels.Length)
        {
            throw new InvalidDataException("A frame of the NUT stream leaves out more bytes than it has.");
        }

        leftOut.CopyTo(pixels);
        await CopyAsync(pixels[leftOut.Length..], cancellationToken).ConfigureAwait(false);

        async ValueTask<long> OptionalAsync(int flag, long otherwise) =>
            (flags & flag) != 0 ? await NumberAsync(cancellationToken).ConfigureAwait(false) : otherwise;
    }

    /// <summary>A time by its last bits and the time before, or the whole time, moved beyond what the bits can say.</summary>
    private long Decode(long coded)
    {
        var range = 1L << _ptsShift;
        if (coded >= range)
        {
            return coded - range;
        }

        var lowest = _pts - ((range - 1) / 2);
        return ((coded - lowest) & (range - 1)) + lowest;
    }

    private async ValueTask<long> NumberAsync(CancellationToken cancellationToken)
    {
        var value = 0L;
        for (var i = 0; i < LongestNumber; i++)
        {
            await RequireAsync(1, cancellationToken).ConfigureAwait(false);
            var next = _buffer[_start++];
            value = (value << BitsPerByte) | (uint)(next & ~More);
            if ((next & More) == 0)
            {
                return value;
            }
        }

        throw new InvalidDataException("A number of the NUT stream is too large.");
    }

    private async ValueTask CopyAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        var ready = Math.Min(destination.Length, _end - _start);
        _buffer.AsSpan(_start, ready).CopyTo(destination.Span);
        _start += ready;
        for (var rest = destination[ready..]; rest.Length > 0; )
        {
            var count = await read(rest, cancellationToken).ConfigureAwait(false);
            rest = count > 0 ? rest[count..] : throw new EndOfStreamException();
        }
    }

    private async ValueTask RequireAsync(int count, CancellationToken cancellationToken)
    {
        if (!await FillAsync(count, cancellationToken).ConfigureAwait(false))
        {
            throw new EndOfStreamException();
        }
    }

    /// <summary>Sees to it that so many bytes are in the buffer; false if the stream ends before.</summary>
    private async ValueTask<bool> FillAsync(int count, CancellationToken cancellationToken)
    {
        if (_end - _start < count && _start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        while (_end - _start < count)
        {
            var got = await read(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            if (got == 0)
            {
                return false;
            }

            _end += got;
        }

        return true;
    }
}
