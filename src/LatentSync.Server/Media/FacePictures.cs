using System.Text.Json.Nodes;

namespace LatentSync.Server.Media;

/// <summary>The pictures of faces in an analysis: files instead of a quarter of a megabyte in every answer about the job.</summary>
internal static class FacePictures
{
    private const int Most = 16;

    /// <summary>Writes them to files, and leaves their numbers in their place.</summary>
    /// <param name="analysis">What an engine found.</param>
    /// <param name="path">Where a picture goes, by its number.</param>
    public static void Take(JsonObject analysis, Func<int, string> path)
    {
        if (analysis["face_pictures"] is not JsonArray pictures)
        {
            return;
        }

        foreach (var (index, node) in pictures.Take(Most).Index())
        {
            if (node is JsonObject picture)
            {
                PreviewFile.Write(path(index), picture);
                picture.Remove("rgb");
                picture["picture"] = index;
            }
        }
    }
}
