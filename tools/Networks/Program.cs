using LatentSync;
using LatentSync.Audio;
using LatentSync.Faces.MediaPipe;
using LatentSync.Networks.Files;

if (args is not [var npmFolder, var outputFolder])
{
    Console.Error.WriteLine("usage: Networks NPM_FOLDER OUTPUT_FOLDER");
    return (int)LipSyncErrorCode.InvalidOptions;
}

try
{
    FaceModels.Build(npmFolder, Path.Combine(outputFolder, FaceModelFiles.FolderName));
    VoiceActivity.Build(npmFolder, Path.Combine(outputFolder, VoiceActivityFile.FolderName));
    return 0;
}
catch (LipSyncException exception)
{
    // The form that MSBuild recognises as an error of the build.
    Console.Error.WriteLine($"Networks : error : {exception.Message}");
    return (int)exception.Code;
}
