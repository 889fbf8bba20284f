using LatentSync;
using LatentSync.SamplerBenchmark;

if (args is not [var models, var folder, var deviceName] || !LipSyncDevice.TryParse(deviceName, out var device))
{
    Console.Error.WriteLine("usage: LatentSync.SamplerBenchmark MODELS FILMS DEVICE");
    Console.Error.WriteLine("Paints the faces of films for training/evaluate_samplers.py: a line of JSON in, a line of JSON and the faces out.");
    return 2;
}

using var model = LipSyncModel.Load(new LipSyncEngineOptions { ModelFolder = models, Device = device }, CancellationToken.None);
var films = Film.ReadAll(folder, model.Resolution, model.AudioEncoder);
if (films.Count == 0)
{
    Console.Error.WriteLine($"There are no films in {folder}.");
    return 1;
}

Console.Error.WriteLine(Invariant($"{films.Count} films, {model.Facts["device"]}"));
var painter = new Painter(model, films);
using var output = Console.OpenStandardOutput();
while (Console.In.ReadLine() is { } line)
{
    painter.Paint(Setting.Parse(line), output);
}

return 0;
