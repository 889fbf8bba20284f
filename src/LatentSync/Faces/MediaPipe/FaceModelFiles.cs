namespace LatentSync.Faces.MediaPipe;

/// <summary>
/// The three face networks as ONNX files: tools/Networks writes them when the library is built, the application reads them
/// from beside itself. All weights are Google's, under Apache-2.0.
/// </summary>
internal static class FaceModelFiles
{
    /// <summary>BlazeFace, back camera: input [1, 256, 256, 3], -1..1.</summary>
    public const string BackDetector = "blazeface_back_256.onnx";

    /// <summary>BlazeFace, full range: input [1, 3, 192, 192], -1..1; classificators [1, 2304, 1], regressors [1, 2304, 16].</summary>
    public const string FullRangeDetector = "blazeface_full_range_192.onnx";

    /// <summary>Face mesh: input [1, 3, 192, 192], 0..1; landmarks [1, 1404] in pixels of the input, score [1, 1] before the sigmoid.</summary>
    public const string Mesh = "face_mesh_468.onnx";

    /// <summary>The folder of the files, beside the application.</summary>
    public const string FolderName = "face-models";

    /// <summary>Where the application looks for the files unless told otherwise.</summary>
    public static string DefaultFolder => Path.Combine(AppContext.BaseDirectory, FolderName);

    /// <summary>The path of one of the files.</summary>
    /// <exception cref="LipSyncException">MissingDependency: it is not there.</exception>
    public static string Require(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return File.Exists(path)
            ? path
            : throw new LipSyncException(
                LipSyncErrorCode.MissingDependency,
                $"The face model \"{path}\" is missing; install the program again, or refer to the package LatentSyncSharp.Models, which brings it."
            )
            {
                Path = path,
            };
    }
}
