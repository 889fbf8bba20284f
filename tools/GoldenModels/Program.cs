using LatentSync.TestKit.Checkpoints;

if (args is not [var folder])
{
    Console.Error.WriteLine("usage: GoldenModels FOLDER");
    return 2;
}

GoldenModelFolder.Create(folder);
Console.WriteLine($"A model folder of small random networks (128 pixels, the mouth is noise) is in {folder}.");
return 0;
