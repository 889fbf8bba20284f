using LatentSync.Page.Options;
using Microsoft.AspNetCore.Components;
using static LatentSync.Page.Words.PageWords;

namespace LatentSync.Page.Components;

/// <summary>The options of a job: the most used ones first, all others folded away.</summary>
public sealed partial class OptionsPanel
{
    private const string ModelName = "model";

    private static readonly string[] FirstNames = ["inference_steps", "lips_expression", "sampler", "length", "loop"];

    private IReadOnlyList<string> _models = [];

    [Parameter, EditorRequired]
    public required JobForm Form { get; set; }

    /// <summary>An option has changed.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    private static IEnumerable<(QualityPreset? Quality, string Text)> Qualities =>
        [
            (null, Say($"Default")),
            (QualityPreset.Preview, Say($"Preview, fastest")),
            (QualityPreset.Balanced, Say($"Balanced")),
            (QualityPreset.Best, Say($"Best")),
        ];

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
