using LatentSync.Page.Options;
using Microsoft.AspNetCore.Components;
using static LatentSync.Page.Words.PageWords;

namespace LatentSync.Page.Components;

/// <summary>The options of a job: the most used ones first, all others folded away.</summary>
public sealed partial class OptionsPanel
{
    private const string ModelName = "model";

    private static readonly string[] FirstNames = ["inference_steps", "lips_expression", "sampler"];

    private IReadOnlyList<string> _models = [];

    [Parameter, EditorRequired]
    public required JobForm Form { get; set; }

    /// <summary>An option has changed.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    /// <summary>Seconds that the job takes with each preset, by its name; none where that is not known.</summary>
    [Parameter]
    public IReadOnlyDictionary<string, double> Forecasts { get; set; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Whether the timing has a panel of its own.</summary>
    [Parameter]
    public bool IsTimingShown { get; set; }

    private static IEnumerable<(LipSyncLength, string)> Lengths =>
        [(LipSyncLength.Audio, Say($"As long as the sound")), (LipSyncLength.Video, Say($"As long as the video"))];

    private static IEnumerable<(LipSyncLoop, string)> Loops =>
        [
            (LipSyncLoop.PingPong, Say($"goes back and forth")),
            (LipSyncLoop.Loop, Say($"starts over")),
            (LipSyncLoop.Freeze, Say($"stands still")),
            (LipSyncLoop.Trim, Say($"ends the result")),
        ];

    private static IEnumerable<(QualityPreset? Quality, string Text)> Qualities =>
        [(null, Say($"Default")), (QualityPreset.Preview, Say($"Fastest")), (QualityPreset.Balanced, Say($"Balanced")), (QualityPreset.Best, Say($"Best"))];

    private bool IsFolded(OptionFacts option) =>
        !FirstNames.Contains(option.Name) && !OptionList.IsShownApart(option.Name) && !(IsTimingShown && TimingPanel.Names.Contains(option.Name));

    protected override void OnInitialized() => _models = [.. new ModelLibrary().List().Select(model => model.Name)];

    private Task SetAsync(QualityPreset? quality)
    {
        Form.Take(quality);
        return Changed.InvokeAsync();
    }

    private Task SetAsync(string name, string? value)
    {
        Form[name] = value?.Trim() ?? string.Empty;
        return Changed.InvokeAsync();
    }
}
