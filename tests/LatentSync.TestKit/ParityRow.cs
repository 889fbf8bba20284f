namespace LatentSync.TestKit;

/// <summary>One comparison with the reference.</summary>
internal sealed record ParityRow(string Tensor, string Measure, double Error, double Limit);
