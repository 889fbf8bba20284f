using System.Runtime.CompilerServices;

namespace LatentSync.Tests;

internal static class ModuleInitializer
{
    /// <summary>The unit tests run in German, where 29.97 is written 29,97, so that culture mistakes show.</summary>
    [ModuleInitializer]
    internal static void UseGerman() => CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
}
