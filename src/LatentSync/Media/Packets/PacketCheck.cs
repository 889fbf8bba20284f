using System.Numerics;
using LatentSync.Media.Formats;

namespace LatentSync.Media.Packets;

/// <summary>
/// Whether packets of sound that are copied are heard as <see cref="MediaClock.SteadySound"/> would have them: they begin at 0
/// and follow each other without a hole.
/// </summary>
internal sealed class PacketCheck
{
    // Of what comes before 0, a result in Matroska leaves out whole packets only; ResultSound knows.
    private const double CutRunUpSeconds = 0.006;
    private const double RoundingSeconds = 0.0005;

    // Encoders hold so many samples in a packet, or a multiple.
    private const int SamplesPerPacketUnit = 64;
    private const int MostSeconds = 2;

    private double? _end;
    private double? _last;
    private double _average;
    private double _usual = double.PositiveInfinity;
    private bool _hasBegun;
    private bool _endsHere;

    /// <summary>All packets but the last hold equally many samples, so that a longer one is followed by a hole.</summary>
    public bool IsEven { get; init; }

    /// <summary>Samples per second; 0 if unknown.</summary>
    public int SampleRate { get; init; }

    /// <summary>What comes before 0 is hidden in the result, to the sample (by an edit list).</summary>
    public bool HidesRunUp { get; init; } = true;

    /// <summary>Seconds that a decoder throws away at the beginning, whatever the times say.</summary>
    public double Skipped { get; init; }

    /// <summary>False from the first packet on that is not where it should be.</summary>
    public bool IsSteady { get; private set; } = true;

    /// <summary>The next packet.</summary>
    public void Add(Packet packet)
    {
        // If this is not the last packet, the ones before were longer than they are.
        IsSteady &= !_endsHere && (_hasBegun || BeginsAtZero(packet));
        var duration = IsEven ? Even(packet) : Exact(packet);

        // Without a duration nothing is known of what follows, unless this is the last.
        _endsHere |= duration <= 0 && !IsEven;
        var deviation = duration > 0 && _end is { } end ? packet.Start - end : 0;
        _average += (deviation - _average) * Math.Min(1, duration / MediaClock.SoundDriftMemory);
        IsSteady &= Math.Abs(deviation) <= MediaClock.SoundJumpSeconds && Math.Abs(_average) <= MediaClock.SoundDriftSeconds;
        _end = duration > 0 ? (_end ?? packet.Start) + duration : null;
        _last = packet.Start;
    }

    /// <summary>A run-up before 0 is not heard; what a decoder throws away by itself has to be before 0.</summary>
    private bool BeginsAtZero(Packet packet)
    {
        var (start, end) = (packet.Start + Skipped, packet.Start + packet.Duration);
        if (!HidesRunUp && Skipped == 0 && start < -CutRunUpSeconds && end <= RoundingSeconds)
        {
            return true;
        }

        _hasBegun = true;
        return start <= MediaClock.SoundDriftSeconds && (HidesRunUp || start >= -CutRunUpSeconds);
    }

    private double Even(Packet packet)
    {
        var duration = Exact(packet);
        if (duration > 0)
        {
            _endsHere = !double.IsInfinity(_usual) && duration < _usual - MediaClock.SoundDriftSeconds;
        }
        else if (_last is { } last && packet.Start > last)
        {
            duration = Math.Min(_usual, Exact(packet with { Duration = packet.Start - last }));
        }

        duration = duration > _usual + MediaClock.SoundDriftSeconds ? _usual : duration;
        _usual = duration > 0 ? Math.Min(_usual, duration) : _usual;
        return duration;
    }

    /// <summary>
    /// The duration without the rounding of its file, which would add up: of the numbers of samples that it may stand for the one
    /// that divides by the highest power of two, as those of encoders do.
    /// </summary>
    private double Exact(Packet packet)
    {
        if (packet.Duration is <= 0 or > MostSeconds || packet.Tick * SampleRate < 2)
        {
            return packet.Duration;
        }

        // Some versions of ffmpeg round down.
        var (least, most) = ((packet.Duration - (packet.Tick / 2)) * SampleRate, (packet.Duration + packet.Tick) * SampleRate);
        var best = 0;
        for (var samples = SamplesPerPacketUnit * (int)Math.Ceiling(least / SamplesPerPacketUnit); samples < most; samples += SamplesPerPacketUnit)
        {
            best = best == 0 || BitOperations.TrailingZeroCount(samples) > BitOperations.TrailingZeroCount(best) ? samples : best;
        }

        return best > 0 ? (double)best / SampleRate : packet.Duration;
    }
}
