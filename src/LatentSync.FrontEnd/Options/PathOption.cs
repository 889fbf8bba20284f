using System.CommandLine;

namespace LatentSync.FrontEnd.Options;

/// <summary>An option whose value is a path.</summary>
internal sealed class PathOption(string name) : Option<string?>(name), IPathOption
{
    public int? PathStart(string value) => 0;
}
