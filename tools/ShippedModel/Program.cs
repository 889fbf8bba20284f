using LatentSync;
using LatentSync.Models.Operations;
using LatentSync.Models.Store;

if (args is not [var folder])
{
    Console.Error.WriteLine("usage: ShippedModel FOLDER");
    Console.Error.WriteLine("Checks a model folder and writes its model.json: the name, which is the folder's, and length and SHA-256 of each file.");
    return (int)LipSyncErrorCode.InvalidOptions;
}

try
{
    var manifest = await ShippedManifest.CreateAsync(folder, CancellationToken.None);
    manifest.Write(folder);
    Console.WriteLine(
        FormattableString.Invariant(
            $"{Path.Combine(folder, ModelManifest.FileName)}: {manifest.Name}, {manifest.Files.Count} files, {manifest.Files.Sum(file => file.Length)} bytes"
        )
    );
    return 0;
}
catch (LipSyncException error)
{
    Console.Error.WriteLine(error.Message);
    return (int)error.Code;
}
