using LatentSync.Server.Data;
using LatentSync.Server.Data.Providers;
using Microsoft.EntityFrameworkCore;

namespace LatentSync.Server.Work.Scheduling;

/// <summary>
/// Which work comes next. Owners take turns: next is the one with the fewest pieces of work in hand, among equals the one whose last
/// turn is longest ago. Of an owner's work the lowest place comes first. All of it is read from indexes, however much waits.
/// </summary>
internal static class WorkOrder
{
    /// <summary>How many segments count as much as being one job later: then a long job gives way to the next one.</summary>
    public const int SegmentsBeforeNextJob = 8;

    /// <summary>How many segments in a row a worker makes with the model that it has loaded while others wait for another model.</summary>
    public const int MostWithOneModel = 4;

    // The names of owners by leaping from one to the next in the index, instead of reading all that waits.
    private const string Owners = """
        WITH RECURSIVE "Owners"("Owner") AS (
            SELECT MIN("Owner") FROM "Work" WHERE "State" = 'Ready' AND "Rank" = {0}
            UNION ALL
            SELECT (SELECT MIN(w."Owner") FROM "Work" w WHERE w."State" = 'Ready' AND w."Rank" = {0} AND w."Owner" > o."Owner")
            FROM "Owners" o WHERE o."Owner" IS NOT NULL
        )
        SELECT o."Owner" AS "Value" FROM "Owners" o WHERE o."Owner" IS NOT NULL
        ORDER BY (SELECT COUNT(*) FROM "Work" w WHERE w."State" = 'Leased' AND w."Rank" = {0} AND w."Owner" = o."Owner"),
            (SELECT COALESCE(MAX(w."TakenAt"), 0) FROM "Work" w WHERE w."Owner" = o."Owner"),
            o."Owner"
        """;

    private static readonly int[] Ranks = [WorkRank.Needed, WorkRank.Extra, WorkRank.Race];

    /// <summary>The place of a piece of work in the line of its owner.</summary>
    /// <param name="job">Its job.</param>
    /// <param name="segment">The segment; 0 for other kinds of work.</param>
    public static long Place(Job job, int segment) => (job.Number * SegmentsBeforeNextJob) + segment;

    /// <summary>What a worker could take now.</summary>
    public static IQueryable<WorkItem> Open(ServerDatabase database, WorkRequest request, DateTimeOffset now)
    {
        var (version, excluded) = (request.Version, request.Excluded);
        var open = database.Work.Where(work => work.State == WorkState.Ready && work.NotBefore <= now && (work.Version == null || work.Version == version));
        return excluded.Count == 0 ? open : open.Where(work => work.Model == null || !excluded.Contains(work.Model));
    }

    /// <summary>Finds the work that a worker is to take, and locks it; null if there is none.</summary>
    public static async Task<WorkItem?> NextAsync(ServerDatabase database, WorkRequest request, DateTimeOffset now)
    {
        var open = Open(database, request, now);
        if (request is { KeepsModel: true, Model: { } loaded })
        {
            var kept = open.Where(work => work.Kind != WorkKind.Segment || work.Model == null || work.Model == loaded);
            if (await NextAsync(database, kept) is { } item)
            {
                return item;
            }
        }

        return await NextAsync(database, open);
    }

    private static async Task<WorkItem?> NextAsync(ServerDatabase database, IQueryable<WorkItem> open)
    {
        foreach (var rank in Ranks)
        {
            var owners = await database.Database.SqlQueryRaw<string>(Owners, rank).ToListAsync();
            foreach (var owner in owners)
            {
                // What another process takes at this moment is left out, so that nobody waits for anybody.
                var item = await open.Where(work => work.Rank == rank && work.Owner == owner)
                    .TagWith(RowLocks.SkipLocked)
                    .OrderBy(work => work.Place)
                    .ThenBy(work => work.Id)
                    .FirstOrDefaultAsync();
                if (item is not null)
                {
                    return item;
                }
            }
        }

        return null;
    }
}
