using System.Text.Json.Nodes;

namespace LatentSync.ServerTests.Support;

/// <summary>Jobs for a fleet under faults, and what has to be true of them afterwards.</summary>
internal static class FleetJobs
{
    /// <summary>Submits jobs with webhooks, by all processes in turn.</summary>
    public static async Task<List<(string Id, int Segments)>> SubmitAsync(FleetProgram fleet, int count, int milliseconds = 300, int mostSegments = 4)
    {
        var jobs = new List<(string, int)>();
        for (var i = 0; i < count; i++)
        {
            var segments = 1 + (i % mostSegments);

            // Nobody takes messages there: what counts is that there is one for each end.
            var webhook = new JsonObject { ["webhook"] = fleet.Apis[0].Address + "healthz" };
            jobs.Add((await fleet.Jobs(i).SubmitAsync(JobClient.Seed(segments, milliseconds), webhook), segments));
        }

        return jobs;
    }

    /// <summary>Waits for jobs, compares their results with those of an undisturbed process, and checks all that holds.</summary>
    public static async Task CheckAsync(FleetProgram fleet, IReadOnlyList<(string Id, int Segments)> jobs)
    {
        var client = fleet.Jobs();
        foreach (var (id, segments) in jobs)
        {
            var job = await client.WaitAsync(id);
            Assert.True((string?)job["state"] == "succeeded", job.ToJsonString());
            var result = await fleet.Apis[^1].Client.GetStringAsync($"/v1/jobs/{id}/result", TestContext.Current.CancellationToken);
            Assert.Equal(JobClient.Expected(segments), result);
        }

        var wrong = await Invariants.CheckAsync(fleet.Database, fleet.Apis[0].Client);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
