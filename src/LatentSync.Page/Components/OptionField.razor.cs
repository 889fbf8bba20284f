using System.Globalization;
using LatentSync.Page.Options;
using LatentSync.Page.Words;
using Microsoft.AspNetCore.Components;

namespace LatentSync.Page.Components;

/// <summary>One option, with the sentence that the command line has for it.</summary>
public sealed partial class OptionField
{
    private const string On = "true";
    private const string Off = "false";

    [Parameter, EditorRequired]
    public required OptionFacts Option { get; set; }

    [Parameter]
    public string Value { get; set; } = string.Empty;

    [Parameter]
    public EventCallback<string> ValueChanged { get; set; }

    private string Id => "option-" + Option.Name;

    private string Title => OptionWords.Title(Option);

    private bool IsNumber => double.TryParse(Option.Default, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private Task SetAsync(string? value) => ValueChanged.InvokeAsync(value ?? string.Empty);
}
