namespace LatentSync.TestKit.Packing;

/// <summary>MT19937 (Matsumoto and Nishimura 1998), the generator behind PyTorch's random numbers on the CPU.</summary>
internal sealed class MersenneTwister
{
    /// <summary>Words of the state.</summary>
    public const int StateLength = 624;

    private const int Middle = 397;
    private const uint UpperBit = 0x80000000;
    private const uint Twist = 0x9908B0DF;

    private readonly uint[] _state;

    /// <summary>Begins with a seed.</summary>
    public MersenneTwister(uint seed)
    {
        const uint multiplier = 1812433253;
        _state = new uint[StateLength];
        _state[0] = seed;
        for (uint i = 1; i < StateLength; i++)
        {
            _state[i] = unchecked((multiplier * (_state[i - 1] ^ (_state[i - 1] >> 30))) + i);
        }

        Position = StateLength;
    }

    /// <summary>Goes on from a state.</summary>
    public MersenneTwister(ReadOnlySpan<uint> state, int position)
    {
        _state = state.ToArray();
        Position = position;
    }

    /// <summary>The state; <see cref="Position"/> of its words are used up.</summary>
    public ReadOnlySpan<uint> State => _state;

    /// <summary>How many words of the state are used up, 0 to 624.</summary>
    public int Position { get; private set; }

    /// <summary>The next 32 bits.</summary>
    public uint Next()
    {
        if (Position == StateLength)
        {
            Refill();
        }

        var value = _state[Position++];
        value ^= value >> 11;
        value ^= (value << 7) & 0x9D2C5680;
        value ^= (value << 15) & 0xEFC60000;
        return value ^ (value >> 18);
    }

    /// <summary>Leaves out numbers.</summary>
    public void Skip(long count)
    {
        for (; count > 0; count--)
        {
            if (Position == StateLength)
            {
                Refill();
            }

            Position++;
        }
    }

    private void Refill()
    {
        for (var i = 0; i < StateLength; i++)
        {
            var next = _state[(i + 1) % StateLength];
            var mixed = (_state[i] & UpperBit) | (next & ~UpperBit);
            _state[i] = _state[(i + Middle) % StateLength] ^ (mixed >> 1) ^ ((mixed & 1) * Twist);
        }

        Position = 0;
    }
}
