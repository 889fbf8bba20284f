using System.Text.RegularExpressions;
using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Models.Catalogue;

/// <summary>Names of models. A name is also a folder, so it can be nothing that leads elsewhere.</summary>
internal static partial class ModelName
{
    /// <summary>Whether a text can be a name: letters, digits, dots, hyphens and underscores, 64 at most.</summary>
    public static bool IsValid(string name) => Pattern().IsMatch(name);

    /// <summary>The name itself.</summary>
    /// <exception cref="LipSyncException">It cannot be one.</exception>
    public static string Require(string name)
    {
        if (IsValid(name))
        {
            return name;
        }

        var shown = ModelErrors.Printable(name);
        throw new LipSyncException(
            LipSyncErrorCode.InvalidOptions,
            $"\"{shown}\" cannot be the name of a model; use at most 64 letters, digits, hyphens, underscores and inner dots, a letter or digit first."
        );
    }

    [GeneratedRegex(@"\A[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();
}
