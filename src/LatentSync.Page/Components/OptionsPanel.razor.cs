using LatentSync.Page.Options;
using Microsoft.AspNetCore.Components;
using static LatentSync.Page.Words.PageWords;

namespace LatentSync.Page.Components;

/// <summary>The options of a job: the most used ones first, all others folded away.</summary>
public sealed partial class OptionsPanel
{
    private const string Steps = "inference_steps";
    private const string ModelName = "model";

    private static readonly string[] FirstNames = [Steps, "lips_expression", "sampler", "length", "loop"];

    private IReadOnlyList<string> _models = [];

    [Parameter, EditorRequired]
    public required JobForm Form { get; set; }

    /// <summary>An option has changed.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    private static IEnumerable<(string Steps, string Text)> Qualities =>
        [("10", Say($"Preview, fastest")), ("20", Say($"Balanced")), ("40", Say($"Best, twice as long"))];

    protected override void OnInitialized() => _models = [.. new ModelLibrary().List().Select(model => model.Name)];

    private Task SetAsync(string name, string? value)
    {
        Form[name] = value?.Trim() ?? string.Empty;
        return Changed.InvokeAsync();
    }
}
