using CsCheck;

namespace LatentSync.FuzzTests;

/// <summary>One of several, each as often as the others.</summary>
internal static class Choose
{
    public static Gen<T> Constant<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    public static Gen<T> Either<T>(params Gen<T>[] generators) => Gen.OneOf<T>([.. generators]);
}
