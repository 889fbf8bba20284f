using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.OnnxRuntime.Graphs;
using LatentSync.Backends.Cuda.Runtime;

namespace LatentSync.Backends.Cuda.OnnxRuntime;

/// <summary>
/// A network in pieces: graphs that may be used several times with different weights, and the weights. Equal graphs share
/// a session, unless it is tied to the place of its weights.
/// </summary>
internal sealed class DeviceNetwork(DeviceRuntime runtime, IWeightReader reader) : IDisposable
{
    private readonly Dictionary<string, DeviceGraph> _graphs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DeviceSession> _sessions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DevicePiece> _pieces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WeightBlock> _blocks = new(StringComparer.Ordinal);
    private readonly WeightStore _weights = new(runtime, reader);

    /// <summary>Bytes of all weights.</summary>
    public long WeightBytes => _weights.Bytes;

    /// <summary>Bytes of the device that the weights take.</summary>
    public long ResidentBytes => _weights.DeviceBytes;

    /// <summary>Bytes of weights that do not stay on the device.</summary>
    public long StreamedBytes => _weights.StreamedBytes;

    /// <summary>Sizes of the weights of all pieces, in the order in which they were added.</summary>
    public IReadOnlyList<long> BlockBytes => _weights.BlockBytes;

    /// <summary>Adds a piece, unless it is there already.</summary>
    /// <param name="name">What tells the graph from others.</param>
    /// <param name="build">Writes the graph.</param>
    /// <param name="placeholder">What stands for the prefix in the names of its weights.</param>
    /// <param name="prefix">The prefix of its weights in the checkpoint.</param>
    public DevicePiece Piece(string name, Func<DeviceGraphWriter, DeviceGraph> build, string placeholder = "", string prefix = "")
    {
        var key = name + " " + prefix;
        if (!_pieces.TryGetValue(key, out var piece))
        {
            if (!_graphs.TryGetValue(name, out var graph))
            {
                graph = _graphs[name] = build(new DeviceGraphWriter(name));
            }

            // Graphs that differ in sizes only, and the graphs of one module, use the same weights.
            WeightBlock? block = null;
            if (graph.Weights.Count > 0)
            {
                if (!_blocks.TryGetValue(prefix, out block))
                {
                    block = _blocks[prefix] = new WeightBlock(placeholder, prefix);
                    _weights.Add(block);
                }

                block.Include(graph.Weights);
            }

            piece = _pieces[key] = new DevicePiece(runtime, _weights, block, () => Session(graph, block));
        }

        return piece;
    }

    /// <summary>Reads the weights of all pieces so far and opens their sessions.</summary>
    /// <param name="resident">Bytes of the device they may take.</param>
    /// <param name="places">Places for the weights that do not stay there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DeviceMemoryException">The device has too little memory.</exception>
    public void Load(long resident, int places, CancellationToken cancellationToken)
    {
        _weights.Load(resident, places, cancellationToken);
        foreach (var piece in _pieces.Values)
        {
            cancellationToken.ThrowIfCancellationRequested();
            piece.Open();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights.Dispose();
        foreach (var piece in _pieces.Values)
        {
            piece.Dispose();
        }

        foreach (var session in _sessions.Values)
        {
            session.Dispose();
        }
    }

    /// <summary>The session of a graph; one of its own for each block of weights if it is tied to their place.</summary>
    private DeviceSession Session(DeviceGraph graph, WeightBlock? block)
    {
        var key = graph.HasFixedWeights ? graph.Name + " " + block!.Prefix : graph.Name;
        if (!_sessions.TryGetValue(key, out var session))
        {
            session = _sessions[key] = runtime.Open(graph, block, block is null ? 0 : _weights.PlaceOf(block));
        }

        return session;
    }
}
