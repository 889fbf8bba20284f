using System.Text.Json;
using System.Text.Json.Nodes;
using LatentSync.Server.Jobs;

namespace LatentSync.Server.Api.Dialects.Requests;

/// <summary>
/// The members of an object that a client sent. Each is read or refused by its name; what nobody asked for is an error in the
/// end, so that nothing a client says is ignored. A member that is null counts as not sent.
/// </summary>
/// <param name="body">The object.</param>
/// <param name="path">What its members are called in errors, before their names: such as <c>options.</c>.</param>
internal sealed class RequestFields(JsonObject body, string path = "")
{
    private readonly List<string> _known = [];
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);

    /// <summary>A text; null if it was not sent.</summary>
    public string? Text(string name) => Value(name, JsonValueKind.String, "a text")?.GetValue<string>();

    /// <summary>A text that has to be there.</summary>
    public string RequiredText(string name) => Text(name) is { Length: > 0 } text ? text : throw Missing(name);

    /// <summary>Yes or no; null if it was not sent.</summary>
    public bool? Flag(string name) =>
        Node(name) is not { } node ? null
        : node.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? node.GetValue<bool>()
        : throw Invalid(name, "is to be true or false");

    /// <summary>A number as it was written; null if it was not sent.</summary>
    public JsonNode? Number(string name) => Value(name, JsonValueKind.Number, "a number");

    /// <summary>An object; null if it was not sent.</summary>
    public RequestFields? Object(string name) =>
        Value(name, JsonValueKind.Object, "an object") is { } node ? new RequestFields(node.AsObject(), path + name + ".") : null;

    /// <summary>A list; null if it was not sent.</summary>
    public JsonArray? List(string name) => Value(name, JsonValueKind.Array, "a list")?.AsArray();

    /// <summary>The objects of a list; empty if it was not sent.</summary>
    public IEnumerable<RequestFields> Objects(string name) =>
        (List(name) ?? []).Select(
            (node, index) =>
                node is JsonObject item ? new RequestFields(item, Invariant($"{path}{name}[{index}].")) : throw Invalid(name, "is to be a list of objects")
        );

    /// <summary>Members that mean something elsewhere and cannot be honoured here.</summary>
    /// <param name="reason">A clause that says why, and what to do.</param>
    /// <param name="names">The members.</param>
    public void Refuse(string reason, params string[] names)
    {
        _refused.UnionWith(names);
        if (Array.Find(names, name => body[name] is not null) is { } name)
        {
            throw Invalid(name, "cannot be honoured here: " + reason);
        }
    }

    /// <summary>No other members are there.</summary>
    public void End()
    {
        if (body.Select(member => member.Key).FirstOrDefault(name => !_known.Contains(name) && !_refused.Contains(name)) is { } name)
        {
            throw Invalid(name, _known.Count == 0 ? "is not known; there is nothing to send here" : $"is not known; there are {string.Join(", ", _known)}");
        }
    }

    /// <summary>The error of a member that is not there.</summary>
    public RequestException Missing(string name) => Invalid(name, "is missing");

    /// <summary>The error of a member.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="clause">What is wrong with it, such as <c>is to be a text</c>.</param>
    public RequestException Invalid(string name, string clause) => new(422, "invalid_request", $"\"{path}{name}\" {clause}.") { Field = path + name };

    private JsonNode? Value(string name, JsonValueKind kind, string what) =>
        Node(name) is not { } node ? null
        : node.GetValueKind() == kind ? node
        : throw Invalid(name, "is to be " + what);

    private JsonNode? Node(string name)
    {
        if (!_known.Contains(name))
        {
            _known.Add(name);
        }

        return body[name];
    }
}
