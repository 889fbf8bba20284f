using LatentSync.Jobs;

namespace LatentSync.Tests.Jobs;

public class JobTimeTests
{
    [Theory]
    [InlineData(0, "0:00.0")]
    [InlineData(123.4, "2:03.4")]
    [InlineData(3599.9, "59:59.9")]
    [InlineData(3600, "1:00:00.0")]
    [InlineData(3723.4, "1:02:03.4")]
    public void HoursAreWrittenWhereThereAreSome(double seconds, string expected) => Assert.Equal(expected, JobTime.Format(TimeSpan.FromSeconds(seconds)));
}
