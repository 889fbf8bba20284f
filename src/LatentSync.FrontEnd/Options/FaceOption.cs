using System.CommandLine;

namespace LatentSync.FrontEnd.Options;

/// <summary><c>--face</c>, which may name a picture.</summary>
internal sealed class FaceOption() : Option<FaceChoice>("--face"), IPathOption
{
    private const string PicturePrefix = "like:";

    public int? PathStart(string value) => value.StartsWith(PicturePrefix, StringComparison.Ordinal) ? PicturePrefix.Length : null;
}
