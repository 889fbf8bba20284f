using LatentSync;
using LatentSync.Faces.MediaPipe;

if (args is not [var npmFolder, var outputFolder])
{
    Console.Error.WriteLine("usage: FaceModels NODE_MODULES OUTPUT_FOLDER");
    return (int)LipSyncErrorCode.InvalidOptions;
}

try
{
    FaceModelFiles.Build(npmFolder, outputFolder);
    return 0;
}
catch (LipSyncException exception)
{
    // The form that MSBuild recognises as an error of the build.
    Console.Error.WriteLine($"FaceModels : error : {exception.Message}");
    return (int)exception.Code;
}
