using System.Runtime.InteropServices;
using LatentSync.Backends.Cuda.Bindings;
using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Launching.Operations;

namespace LatentSync.Backends.Cuda.Execution;

/// <summary>
/// Products by cuBLASLt. The first product of a shape tries the algorithms that cuBLASLt proposes and keeps the fastest,
/// for this process and for later ones.
/// </summary>
internal sealed class ProductPlans : IDisposable
{
    // Some kernels want scratch memory, and then others are not proposed: ask with much and with next to none.
    private const int MostCandidates = 16;
    private const long LittleWorkspace = 1 << 12;

    // More than this no kernel asks for.
    private const uint MostAlignment = 256;

    private readonly CublasLt _cublasLt;
    private readonly CardContext _card;
    private readonly nint _handle;
    private readonly Dictionary<string, CublasLtAlgorithm> _algorithms = new(StringComparer.Ordinal);
    private readonly List<Action> _releases = [];

    /// <summary>Starts cuBLASLt.</summary>
    public ProductPlans(CublasLt cublasLt, CardContext card)
    {
        (_cublasLt, _card) = (cublasLt, card);
        _handle = cublasLt.Create();
    }

    /// <summary>A product, ready to be queued again and again.</summary>
    /// <param name="product">The product.</param>
    /// <param name="pointerOf">Where a matrix starts.</param>
    /// <param name="bias">The bias; 0 for none.</param>
    public Action Prepare(ProductOperation product, Func<LaunchMatrix, nint> pointerOf, nint bias)
    {
        var (x, w, y, residual) = (product.X, product.W, product.Y, product.Residual ?? product.Y);
        var type = CublasLt.TypeOf(y.Buffer.Type);
        var description = Describe(product, bias);

        // cuBLAS reads columns where we write rows, so that it computes Y^T = W X^T.
        var a = product.IsTransposed ? Layout(w, y.Width, x.Width, product.BatchStrides.W) : Layout(w, x.Width, y.Width, product.BatchStrides.W);
        var b = Layout(x, x.Width, x.RowCount, product.BatchStrides.X);
        var d = Layout(y, y.Width, y.RowCount, product.BatchStrides.Y);
        var c = Layout(residual, y.Width, y.RowCount, product.BatchStrides.Y);
        nint[] layouts = [a, b, c, d];
        _releases.AddRange([() => _cublasLt.DestroyDescription(description), .. layouts.Select(layout => (Action)(() => _cublasLt.DestroyLayout(layout)))]);
        var beta = product.Residual is null ? 0f : 1f;
        var (xAt, wAt, yAt, residualAt) = (pointerOf(x), pointerOf(w), pointerOf(y), pointerOf(residual));
        uint[] alignments = [.. new[] { wAt, xAt, residualAt, yAt }.Select(pointer => (uint)Math.Min(MostAlignment, (long)(pointer & -pointer)))];
        var key =
            Invariant($"product {y.Buffer.Type} {y.RowCount}x{x.Width}x{y.Width} {x.Stride} {w.Stride} {y.Stride} {residual.Stride} ")
            + Invariant($"{product.IsTransposed} {product.Batch} {bias != 0} {beta} {string.Join('/', alignments)}");
        if (!_algorithms.TryGetValue(key, out var algorithm))
        {
            algorithm = _algorithms[key] = Stored(key) ?? Fastest(key);
        }

        return () => CublasLt.Check(Run(algorithm, yAt), "multiply");

        nint Layout(LaunchMatrix matrix, long rows, long columns, long batchStride) =>
            _cublasLt.CreateLayout(type, rows, columns, matrix.Stride, (product.Batch, batchStride));

        int Run(in CublasLtAlgorithm chosen, nint target) =>
            _cublasLt.Multiply(
                _handle,
                description,
                wAt,
                a,
                xAt,
                b,
                beta,
                residualAt,
                c,
                target,
                d,
                chosen,
                _card.Workspace,
                _card.WorkspaceBytes,
                _card.Stream
            );

        CublasLtAlgorithm Fastest(string shape)
        {
            var candidates = _cublasLt
                .Candidates(_handle, description, a, b, c, d, alignments, _card.WorkspaceBytes, MostCandidates)
                .Concat(_cublasLt.Candidates(_handle, description, a, b, c, d, alignments, LittleWorkspace, MostCandidates))
                .DistinctBy(candidate => Text(candidate), StringComparer.Ordinal)
                .ToList();
            if (candidates.Count == 0)
            {
                throw new LipSyncException(
                    LipSyncErrorCode.InferenceFailed,
                    $"cuBLASLt has no algorithm for the {shape}; install another version of CUDA (see docs/gpu.md), or use {OptionReference.Cpu}."
                );
            }

            // Nothing is in memory yet when lists are prepared, so that the result may go where it belongs.
            var best = candidates
                .Where(candidate => Run(candidate, yAt) == 0)
                .Select(candidate => (Algorithm: candidate, Time: _card.Timer.Best(() => _ = Run(candidate, yAt))))
                .MinBy(measured => measured.Time)
                .Algorithm;
            _card.Plans[shape] = Text(best);
            return best;
        }

        CublasLtAlgorithm? Stored(string shape) => _card.Plans[shape] is { } text ? Parse(text) : null;
    }

    /// <summary>Forgets what has been prepared, which must not be queued any more.</summary>
    public void Unbind()
    {
        _releases.ForEach(release => release());
        _releases.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Unbind();
        _cublasLt.Destroy(_handle);
    }

    private nint Describe(ProductOperation product, nint bias)
    {
        var description = _cublasLt.CreateDescription();
        if (!product.IsTransposed)
        {
            _cublasLt.Describe(description, CublasLt.TransposeA, 1);
        }

        if (bias != 0)
        {
            _cublasLt.Describe(description, CublasLt.Epilogue, CublasLt.EpilogueBias);
            _cublasLt.Describe(description, CublasLt.BiasPointer, bias);
        }

        return description;
    }

    private static string Text(CublasLtAlgorithm algorithm) =>
        Convert.ToHexStringLower(MemoryMarshal.AsBytes(new ReadOnlySpan<CublasLtAlgorithm.AlgorithmData>(in algorithm.Data)));

    private static CublasLtAlgorithm Parse(string text)
    {
        var algorithm = default(CublasLtAlgorithm);
        Convert.FromHexString(text).CopyTo(MemoryMarshal.AsBytes(new Span<CublasLtAlgorithm.AlgorithmData>(ref algorithm.Data)));
        return algorithm;
    }
}
