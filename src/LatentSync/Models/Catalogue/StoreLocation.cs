using LatentSync.Files;

namespace LatentSync.Models.Catalogue;

/// <summary>Where the models of this user lie.</summary>
internal static class StoreLocation
{
    /// <summary><c>models</c> in the <see cref="UserFolder"/>.</summary>
    public static string Default(Func<string, string?> environment) => Path.Combine(UserFolder.Find(environment), "models");
}
