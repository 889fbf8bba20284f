using Mono.Cecil;
using Mono.Cecil.Cil;

namespace LatentSync.Tests.FrontEnd;

/// <summary>The templates of sentences in a compiled assembly: the first argument of each <c>FormattableStringFactory.Create</c>.</summary>
internal static class SentenceTemplates
{
    private const string Factory = "System.Runtime.CompilerServices.FormattableStringFactory";

    /// <summary>All but those that are made into a text at once, whatever the language: <c>Invariant($"...")</c>.</summary>
    /// <exception cref="InvalidOperationException">A method builds sentences in another way than the compiler does.</exception>
    public static IReadOnlySet<string> Of(System.Reflection.Assembly assembly)
    {
        using var module = ModuleDefinition.ReadModule(assembly.Location);
        return module
            .GetTypes()
            .SelectMany(type => type.Methods)
            .Where(method => method.HasBody && method.FullName != Joining)
            .SelectMany(Of)
            .ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Puts sentences below each other; its template has nothing but holes.</summary>
    private const string Joining =
        "LatentSync.LipSyncException LatentSync.OptionMistake::Refuse(LatentSync.LipSyncErrorCode,"
        + "System.Collections.Generic.IReadOnlyList`1<LatentSync.OptionMistake>)";

    /// <summary>
    /// The compiler loads the template, makes the array of arguments and fills it, then calls: templates of sentences among the
    /// arguments lie between, so the last one that is loaded belongs to the next call.
    /// </summary>
    private static List<string> Of(MethodDefinition method)
    {
        var (loaded, found) = (new Stack<string>(), new List<string>());
        foreach (var instruction in method.Body.Instructions)
        {
            if (instruction.OpCode == OpCodes.Ldstr && IsBeforeArguments(instruction))
            {
                loaded.Push((string)instruction.Operand);
            }
            else if (IsCall(instruction, Factory, "Create"))
            {
                var template = loaded.Count > 0 ? loaded.Pop() : throw new InvalidOperationException($"{method.FullName} computes a template.");
                if (!IsCall(instruction.Next, "System.FormattableString", "Invariant"))
                {
                    found.Add(template);
                }
            }
            else if (IsCall(instruction, "System.String", "Format") && loaded.Count > 0)
            {
                // Of an anonymous type's text.
                loaded.Pop();
            }
            else if (IsScriptCall(instruction) && loaded.Count > 0)
            {
                // The name of a function.
                loaded.Pop();
            }
        }

        return loaded.Count == 0 ? found : throw new InvalidOperationException($"{method.FullName} loads \"{loaded.Peek()}\" for something else.");
    }

    private static bool IsBeforeArguments(Instruction load) =>
        load.Next.Operand is GenericInstanceMethod { Name: "Empty" } empty ? empty.GenericArguments[0].FullName == typeof(object).FullName
        : load.Next.Next is { } second && second.OpCode == OpCodes.Newarr
            ? IsNumber(load.Next) && ((TypeReference)second.Operand).FullName == typeof(object).FullName
        : false;

    private static bool IsNumber(Instruction instruction) => instruction.OpCode.Name.StartsWith("ldc.i4", StringComparison.Ordinal);

    private static bool IsScriptCall(Instruction instruction) =>
        instruction.OpCode == OpCodes.Call
        && instruction.Operand is MethodReference called
        && called.DeclaringType.Namespace == "Microsoft.JSInterop"
        && called.Name.StartsWith("Invoke", StringComparison.Ordinal);

    private static bool IsCall(Instruction? instruction, string type, string method) =>
        instruction?.OpCode == OpCodes.Call && instruction.Operand is MethodReference called && called.Name == method && called.DeclaringType.FullName == type;
}
