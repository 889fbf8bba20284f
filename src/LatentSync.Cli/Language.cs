using System.CommandLine;
using System.Globalization;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli;

/// <summary>The language of the program: the one place that decides.</summary>
internal static class Language
{
    /// <summary>Name of the option.</summary>
    public const string OptionName = "--lang";

    private const string Variable = "LATENTSYNC_LANG";
    private const string Chinese = "zh";
    private const string English = "en";

    /// <summary>Simplified, whatever the region: there is no other Chinese.</summary>
    private static readonly CultureInfo SimplifiedChinese = new(Sentences.Chinese);

    // As POSIX has it: the first that is set decides.
    private static readonly string[] LocaleVariables = ["LC_ALL", "LC_MESSAGES", "LANG"];

    /// <summary>The option, for all commands.</summary>
    public static Option<string?> Option()
    {
        var option = new Option<string?>(OptionName)
        {
            Description = "Language: en or zh (default: LATENTSYNC_LANG, else that of the system's locale).",
            HelpName = "en|zh",
            Recursive = true,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is var text and not (English or Chinese))
            {
                result.AddError(CommandWords.Say($"{OptionName} is {text}; it must be {English} or {Chinese}."));
            }
        });
        return option;
    }

    /// <summary>The language to speak. Programs are always spoken to in English.</summary>
    /// <param name="given">The value of the option; null if there is none.</param>
    /// <param name="isForProgram">Whether a program reads what is written.</param>
    /// <param name="environment">The environment's variables.</param>
    public static CultureInfo Choose(string? given, bool isForProgram, Func<string, string?> environment)
    {
        var wanted = given
            ?? Given(environment(Variable))
            ?? LocaleVariables.Select(name => Given(environment(name))).FirstOrDefault(value => value is not null);
        return !isForProgram && wanted?.StartsWith(Chinese, StringComparison.OrdinalIgnoreCase) == true ? SimplifiedChinese : CultureInfo.InvariantCulture;
    }

    /// <summary>Speaks a language from now on, on all threads.</summary>
    public static void Speak(CultureInfo language) => (CultureInfo.CurrentUICulture, CultureInfo.DefaultThreadCurrentUICulture) = (language, language);

    private static string? Given(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
