using Microsoft.AspNetCore.Components;

namespace LatentSync.Page.Components;

/// <summary>An option whose choices are drawings.</summary>
public sealed partial class ChoiceCards<T>
    where T : struct, Enum
{
    /// <summary>In the form.</summary>
    [Parameter, EditorRequired]
    public required string Name { get; set; }

    [Parameter, EditorRequired]
    public required string Title { get; set; }

    [Parameter, EditorRequired]
    public required IEnumerable<(T Choice, string Text)> Choices { get; set; }

    /// <summary>What is chosen; null for something else.</summary>
    [Parameter]
    public T? Value { get; set; }

    [Parameter]
    public EventCallback<T> ValueChanged { get; set; }

    [Parameter, EditorRequired]
    public required RenderFragment<T> Drawing { get; set; }
}
