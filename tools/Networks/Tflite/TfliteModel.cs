namespace LatentSync.Networks.Files;

/// <summary>
/// The first graph of a TensorFlow Lite file, by tensorflow/lite/schema/schema.fbs (field numbers in declaration order).
/// </summary>
/// <param name="Tensors">All tensors, referred to by index.</param>
/// <param name="Inputs">Indices of the graph's inputs.</param>
/// <param name="Outputs">Indices of the graph's outputs.</param>
/// <param name="Operators">The operators in an order that can be executed.</param>
internal sealed record TfliteModel(TfliteTensor[] Tensors, int[] Inputs, int[] Outputs, TfliteOperator[] Operators)
{
    private const int IdentifierOffset = 4;

    private static ReadOnlySpan<byte> Identifier => "TFL3"u8;

    /// <summary>Reads a file that is wholly in memory; constants are slices of it.</summary>
    /// <exception cref="LipSyncException">InvalidModel: the file is damaged or holds what is not supported.</exception>
    public static TfliteModel Read(ReadOnlyMemory<byte> file)
    {
        if (file.Length < IdentifierOffset + Identifier.Length || !file.Span.Slice(IdentifierOffset, Identifier.Length).SequenceEqual(Identifier))
        {
            throw TfliteError.Damaged("it does not start like one");
        }

        var model = FlatTable.Root(file);
        var codes = Array.ConvertAll(model.Tables(1), ReadCode);
        var buffers = model.Tables(4);
        var graph = model.Tables(2) is [var first, ..] ? first : throw TfliteError.Damaged("it has no graph");
        var tensors = Array.ConvertAll(graph.Tables(0), table => TfliteTensor.Read(table, buffers));
        return new TfliteModel(
            tensors,
            Indices(graph.Int32s(1), tensors.Length),
            Indices(graph.Int32s(2), tensors.Length),
            Array.ConvertAll(graph.Tables(3), table => ReadOperator(table, codes, tensors.Length))
        );
    }

    /// <summary>Operators above 127 are in the later, wider field; the older one then holds a placeholder of 127.</summary>
    private static TfliteOperatorCode ReadCode(FlatTable table) => (TfliteOperatorCode)Math.Max((sbyte)table.Byte(0), table.Int32(3));

    private static TfliteOperator ReadOperator(FlatTable table, TfliteOperatorCode[] codes, int tensorCount)
    {
        var code = table.Int32(0);
        return code >= 0 && code < codes.Length
            ? new TfliteOperator(codes[code], Indices(table.Int32s(1), tensorCount), Indices(table.Int32s(2), tensorCount), table.Table(4))
            : throw TfliteError.Damaged("an operator has no code");
    }

    private static int[] Indices(int[] indices, int tensorCount) =>
        Array.TrueForAll(indices, index => index >= 0 && index < tensorCount)
            ? indices
            : throw TfliteError.Damaged("an operator refers to a tensor that is not there");
}
