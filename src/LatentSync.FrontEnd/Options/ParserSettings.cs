using System.CommandLine;

namespace LatentSync.FrontEnd.Options;

/// <summary>How arguments are read everywhere: as they are given.</summary>
internal static class ParserSettings
{
    /// <summary>An argument that begins with @ is a name like any other, and no file to read more arguments from.</summary>
    public static ParserConfiguration Default { get; } = new() { ResponseFileTokenReplacer = null };
}
