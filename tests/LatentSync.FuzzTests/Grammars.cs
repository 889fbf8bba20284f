using System.Text;
using CsCheck;

namespace LatentSync.FuzzTests;

/// <summary>Texts that are well formed, and say what nobody expects.</summary>
internal static class Grammars
{
    private const int LongestList = 4;

    private static readonly string[] HostileNumbers =
    [
        "0",
        "-0",
        "1",
        "-1",
        "1e999",
        "-1e999",
        "1e-999",
        "0.1",
        "2147483647",
        "2147483648",
        "-2147483649",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551616",
        "99999999999999999999999999",
        "4294967296",
        "1.5e300",
    ];

    private static readonly string[] HostileTexts =
    [
        "",
        " ",
        "0",
        "true",
        "null",
        "NaN",
        "Infinity",
        "1/0",
        "0/1",
        "-1/-1",
        "2147483647/2147483647",
        "../../etc/passwd",
        "/dev/zero",
        "@x",
        "--json",
        "\\u0000",
        "\\uD800",
        "\\u202e",
        "ä",
        "😀",
        "%s%n",
        "$(id)",
        "`id`",
        "a\\nb",
        "file:///x",
        "http://x/",
        "C:\\\\x",
        "CON",
    ];

    /// <summary>A JSON value whose objects have names out of a list, and now and then others.</summary>
    /// <param name="names">Names with a meaning to the parser.</param>
    /// <param name="texts">Texts with a meaning to the parser.</param>
    /// <param name="depth">How deep it goes at most.</param>
    public static Gen<string> Json(string[] names, string[] texts, int depth = 4)
    {
        var name = Choose.Constant([.. names, .. names, "", "x", "type"]);
        var text = Choose.Constant([.. texts, .. HostileTexts]).Select(value => $"\"{value}\"");
        var leaf = Choose.Either(Choose.Constant(HostileNumbers), text, Choose.Constant("true", "false", "null", "[]", "{}"));
        return depth == 0
            ? leaf
            : Choose.Either(
                leaf,
                Json(names, texts, depth - 1).Array[0, LongestList].Select(items => $"[{string.Join(',', items)}]"),
                Gen.Select(name, Json(names, texts, depth - 1), (key, value) => $"\"{key}\":{value}")
                    .Array[0, LongestList + 2]
                    .Select(members => $"{{{string.Join(',', members)}}}")
            );
    }

    /// <summary>YAML of mappings and lists, in block and flow style, with what YAML has for mischief: anchors, tags, merge keys, several documents.</summary>
    public static Gen<string> Yaml(string[] names, string[] texts, int depth = 4)
    {
        var leaf = Choose.Either(
            Choose.Constant(HostileNumbers),
            Choose.Constant(texts),
            Choose.Constant(HostileTexts).Select(text => $"\"{text}\""),
            Choose.Constant(
                "~",
                "[]",
                "{}",
                "!!str 1",
                "!!python/object/apply:os.system [id]",
                "&a b",
                "*a",
                "<<: *a",
                "|\n  x",
                "? x",
                "\t",
                "%YAML 1.2",
                "---",
                "..."
            )
        );
        return depth == 0
            ? leaf
            : Choose.Either(
                leaf,
                Gen.Select(Choose.Constant([.. names, "", "x", "<<"]), Yaml(names, texts, depth - 1), (key, value) => $"{key}: {Nested(value)}")
                    .Array[1, LongestList]
                    .Select(lines => string.Join('\n', lines)),
                Yaml(names, texts, depth - 1)
                    .Array[1, LongestList]
                    .Select(items => string.Join('\n', items.Select(item => "- " + item.Replace("\n", "\n  ", StringComparison.Ordinal)))),
                Gen.Select(Choose.Constant(names), leaf, (key, value) => $"{key}: {value}")
                    .Array[0, LongestList]
                    .Select(members => $"{{{string.Join(", ", members)}}}")
            );
    }

    /// <summary>Tables with names in the first row, told apart by delimiters that change, quotes that do not close, and rows of any length.</summary>
    public static Gen<string> Csv(string[] names, string[] texts)
    {
        var cell = Choose.Either(
            Choose.Constant(texts),
            Choose.Constant(HostileTexts),
            Choose.Constant(HostileNumbers),
            Choose.Constant("\"", "\"a,b\"", "\"a\"\"b\"", "\"a\nb\"", "*", "\u00a0")
        );
        return Gen.Select(
            Choose.Constant("", "", "sep=;\n", "sep=\n", "\"sep=,\"\r\n", "\uFEFF"),
            Choose.Constant(",", ";", "\t"),
            Choose.Constant("\n", "\r\n", "\r"),
            Choose.Constant(names).Array[0, LongestList + 2],
            cell.Array[0, LongestList + 4].Array[0, LongestList],
            (start, delimiter, end, header, rows) => start + string.Join(end, rows.Prepend(header).Select(row => string.Join(delimiter, row)))
        );
    }

    /// <summary>As UTF-8.</summary>
    public static Gen<byte[]> Bytes(this Gen<string> texts) => texts.Select(Encoding.UTF8.GetBytes);

    private static string Nested(string value) =>
        value.Contains('\n', StringComparison.Ordinal) || value.StartsWith("- ", StringComparison.Ordinal)
            ? "\n  " + value.Replace("\n", "\n  ", StringComparison.Ordinal)
            : value;
}
