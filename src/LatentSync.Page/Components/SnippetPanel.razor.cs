using LatentSync.Page.Jobs;
using LatentSync.Page.Security;
using Microsoft.AspNetCore.Components;
using static LatentSync.Page.Words.PageWords;

namespace LatentSync.Page.Components;

/// <summary>The same job as a call of the interface and as a command.</summary>
public sealed partial class SnippetPanel
{
    private bool _needsKey;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [Inject]
    internal PageUser User { get; set; } = null!;

    [Parameter, EditorRequired]
    public required JobFacts Job { get; set; }

    private IEnumerable<(string Id, string Title, string Text)> Snippets =>
        [
            ("snippet-curl", Say($"Interface"), JobSnippets.Curl(Job, Navigation.BaseUri.TrimEnd('/'), _needsKey)),
            ("snippet-command", Say($"Command line"), JobSnippets.CommandLine(Job)),
        ];

    protected override async Task OnInitializedAsync() => _needsKey = await User.NameAsync() is not null;
}
