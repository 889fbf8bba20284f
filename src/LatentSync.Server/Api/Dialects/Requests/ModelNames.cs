using LatentSync.Server.Jobs;

namespace LatentSync.Server.Api.Dialects.Requests;

/// <summary>What names of models mean.</summary>
internal static class ModelNames
{
    /// <summary>The option of a job that a name stands for; null where it is another service's name for its own, which is this server's model here.</summary>
    /// <param name="name">What the client wrote; null for nothing.</param>
    /// <param name="field">Where it wrote it.</param>
    /// <param name="theirs">Beginnings of the other service's names.</param>
    public static string? OptionOf(string? name, string field, params string[] theirs)
    {
        if (name is null || Array.Exists(theirs, start => name.StartsWith(start, StringComparison.Ordinal)))
        {
            return null;
        }

        return IsName(name)
            ? name
            : throw new RequestException(422, "invalid_request", $"\"{name}\" is no name of a model; latentsync models list says which there are.")
            {
                Field = field,
            };
    }

    private static bool IsName(string name) =>
        name.Length > 0 && !name.StartsWith('.') && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
}
