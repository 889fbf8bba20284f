using LatentSync.Faces.MediaPipe;
using LatentSync.TestKit;

namespace LatentSync.Tests.Faces.MediaPipe;

public class FaceModelFilesTests
{
    [Fact]
    public void TheNetworks_LieBesideTheProgram()
    {
        foreach (var name in (string[])[FaceModelFiles.BackDetector, FaceModelFiles.FullRangeDetector, FaceModelFiles.Mesh])
        {
            Assert.Equal(Path.Combine(AppContext.BaseDirectory, "face-models", name), FaceModelFiles.Require(FaceModelFiles.DefaultFolder, name));
        }
    }

    [Fact]
    public void AMissingNetwork_IsNamed()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<LipSyncException>(() => FaceModelFiles.Require(folder.Path, "mesh.onnx"));
        Assert.Equal((LipSyncErrorCode.MissingDependency, folder.File("mesh.onnx")), (error.Code, error.Path));
    }
}
