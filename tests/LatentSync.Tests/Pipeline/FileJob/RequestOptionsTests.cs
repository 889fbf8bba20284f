using System.Reflection;
using LatentSync.FrontEnd.Options;
using LatentSync.Pipeline.FileJob;

namespace LatentSync.Tests.Pipeline.FileJob;

public sealed class RequestOptionsTests
{
    private static readonly Dictionary<string, string> NoEngine = new(StringComparer.Ordinal);

    public static TheoryData<string> Properties => [.. Names(typeof(LipSyncFileOptions), string.Empty)];

    /// <summary>A job that is resumed with other options would join parts of two results.</summary>
    [Theory]
    [MemberData(nameof(Properties))]
    public void EveryOption_IsPartOfAJob(string property)
    {
        var (options, changed) = (new LipSyncFileOptions(), new LipSyncFileOptions());
        object target = changed;
        foreach (var group in property.Split('.')[..^1])
        {
            target = target.GetType().GetProperty(group)!.GetValue(target)!;
        }

        var info = target.GetType().GetProperty(property.Split('.')[^1])!;
        info.SetValue(target, Other(info));
        if (info.Name == nameof(SoundOptions.QuietAfter))
        {
            changed = changed with { Sound = changed.Sound with { QuietMouth = QuietMouth.Rest } };
            options = options with { Sound = options.Sound with { QuietMouth = QuietMouth.Rest } };
        }

        Assert.NotEqual(Text(options), Text(changed));
    }

    /// <summary>A job may be gone on with from another folder, and not with another picture.</summary>
    [Fact]
    public void ThePictureOfThePerson_IsAnInput_NamedByItsFullPath()
    {
        var request = Request(new LipSyncFileOptions { Faces = new() { Face = FaceChoice.Like("anna.jpg") } });
        Assert.Equal("like:" + Path.GetFullPath("anna.jpg"), RequestOptions.Of(request, NoEngine)["Face"]);
        Assert.Equal(Path.GetFullPath("anna.jpg"), RequestOptions.Inputs(request)["Face"]);
        Assert.DoesNotContain("Face", RequestOptions.Inputs(Request(new LipSyncFileOptions())).Keys);
    }

    /// <summary>Where a job was started with another sampler, its users read the name that they wrote.</summary>
    [Theory]
    [InlineData("ddim")]
    [InlineData("dpmpp_2m")]
    [InlineData("uni_pc")]
    public void Sampler_IsNamedAsOnTheCommandLine(string name)
    {
        var command = new JobCommand();
        var options = command.ReadRequest(command.Parse(["--sampler", name]).CommandResult).Options;
        Assert.Equal(name, RequestOptions.Of(Request(options), NoEngine)["Sampler"]);
    }

    private static LipSyncRequest Request(LipSyncFileOptions options) =>
        new()
        {
            Video = "a.mp4",
            Audio = "a.wav",
            Output = "b.mp4",
            Options = options,
        };

    private static IEnumerable<string> Names(Type type, string path) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite)
            .SelectMany(property =>
                property.PropertyType.Name.EndsWith("Options", StringComparison.Ordinal) || property.PropertyType == typeof(VideoEncoding)
                    ? Names(property.PropertyType, $"{path}{property.Name}.")
                    : [path + property.Name]
            );

    private static string Text(LipSyncFileOptions options) =>
        string.Join(
            ' ',
            RequestOptions.Of(Request(options), NoEngine).OrderBy(option => option.Key, StringComparer.Ordinal).Select(option => $"{option.Key} {option.Value}")
        );

    private static object Other(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type == typeof(int) ? 8
            : type == typeof(double) ? 2.5
            : type == typeof(ulong) ? 7UL
            : type == typeof(bool) ? true
            : type == typeof(string) ? "other"
            : type == typeof(FaceChoice) ? FaceChoice.Parse("left:2")
            : type == typeof(FrameRate) ? FrameRate.Model
            : type.IsEnum ? Enum.ToObject(type, 1)
            : throw new InvalidOperationException($"{property.Name} is of a type that this test does not know.");
    }
}
