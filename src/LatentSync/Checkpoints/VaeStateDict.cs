using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Checkpoints;

/// <summary>
/// The weights of a VAE under the present names of its attention (to_q, to_k, to_v, to_out.0). Files from before diffusers
/// 0.13 call them query, key, value and proj_attn, and some store them as 1x1 convolutions; both are the same numbers.
/// </summary>
internal static class VaeStateDict
{
    private const string AttentionMarker = ".attentions.";

    private static readonly (string Legacy, string Present)[] AttentionNames =
    [
        (".query.", ".to_q."),
        (".key.", ".to_k."),
        (".value.", ".to_v."),
        (".proj_attn.", ".to_out.0."),
    ];

    /// <summary>The tensors under their present names, in place.</summary>
    /// <exception cref="LipSyncException">The file mixes both namings.</exception>
    public static IReadOnlyDictionary<string, StoredTensor> Read(TensorArchive archive)
    {
        var tensors = new Dictionary<string, StoredTensor>(archive.Tensors.Count, StringComparer.Ordinal);
        bool legacy = false,
            present = false;
        foreach (var (name, tensor) in archive.Tensors)
        {
            if (!name.Contains(AttentionMarker, StringComparison.Ordinal))
            {
                tensors.Add(name, tensor);
                continue;
            }

            var rule = AttentionNames.FirstOrDefault(rule =>
                name.Contains(rule.Legacy, StringComparison.Ordinal) || name.Contains(rule.Present, StringComparison.Ordinal)
            );
            var isLegacy = rule.Legacy is not null && name.Contains(rule.Legacy, StringComparison.Ordinal);
            legacy |= isLegacy;
            present |= rule.Legacy is not null && !isLegacy;
            if (legacy && present)
            {
                throw ModelErrors.Refused(
                    archive.Path,
                    $"mixes old and new names of the attention weights, such as {ModelErrors.Printable(name)}; download the VAE again"
                );
            }

            var newName = isLegacy ? name.Replace(rule.Legacy!, rule.Present, StringComparison.Ordinal) : name;
            tensors.Add(newName, Flatten(newName, tensor));
        }

        return tensors;
    }

    private static StoredTensor Flatten(string name, StoredTensor tensor) =>
        tensor.Shape switch
        {
            [var rows, var columns, 1, 1] when tensor.IsContiguous => tensor.View(name, rows, columns),
            _ => tensor.View(name, [.. tensor.Shape]),
        };
}
