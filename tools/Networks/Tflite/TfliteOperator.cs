namespace LatentSync.Networks.Files;

/// <summary>One operator of a TensorFlow Lite graph.</summary>
/// <param name="Code">What it computes.</param>
/// <param name="Inputs">Indices of its input tensors; all exist.</param>
/// <param name="Outputs">Indices of its output tensors; all exist.</param>
/// <param name="Options">Its parameters, laid out by the schema's options table of that operator.</param>
internal sealed record TfliteOperator(TfliteOperatorCode Code, int[] Inputs, int[] Outputs, FlatTable? Options)
{
    /// <summary>The only output.</summary>
    public int Output => Outputs.Length == 1 ? Outputs[0] : throw TfliteError.Damaged("an operator has no single output");

    /// <summary>The index of input <paramref name="position"/>.</summary>
    public int Input(int position) => position < Inputs.Length ? Inputs[position] : throw TfliteError.Damaged("an operator lacks an input");

    /// <summary>The parameters of an operator that cannot do without.</summary>
    public FlatTable RequireOptions() => Options ?? throw TfliteError.Damaged("an operator lacks its options");
}
