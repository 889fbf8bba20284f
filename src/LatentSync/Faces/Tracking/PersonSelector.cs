namespace LatentSync.Faces.Tracking;

/// <summary>Chooses among the people of a shot by its first frames.</summary>
internal static class PersonSelector
{
    // Areas this close are of people of the same size, of whom noise must not choose.
    private const double EqualAreaShare = 0.85;

    /// <summary>The numbers of the chosen tracks, from left to right; none if the person is not there.</summary>
    /// <param name="choice">Whom to choose.</param>
    /// <param name="frames">The faces of each of the first frames.</param>
    /// <param name="seenFrames">In how many of them a person has to be seen at least.</param>
    public static IReadOnlyList<int> Choose(FaceChoice choice, IReadOnlyCollection<IReadOnlyList<Sighting>> frames, int seenFrames)
    {
        // Who is seen in less than half of the frames passes by, or is no person.
        var people = frames
            .SelectMany(faces => faces)
            .GroupBy(sighting => sighting.Track)
            .Where(sightings => sightings.Count() is var seen && 2 * seen >= frames.Count && seen >= seenFrames)
            .Select(sightings => new Person(
                sightings.Key,
                sightings.Average(sighting => sighting.Face.Box.Center.X),
                sightings.Sum(sighting => sighting.Face.Box.Area),
                choice.Point is { } point ? sightings.Average(sighting => sighting.Face.Box.Center.DistanceTo(point)) : 0,
                sightings.Average(sighting => sighting.Likeness)
            ))
            .OrderBy(person => person.X)
            .ToList();
        if (people.Count == 0 || choice.Position > people.Count)
        {
            return [];
        }

        if (choice.IsAll)
        {
            return people.ConvertAll(person => person.Track);
        }

        if (choice.Position is { } position)
        {
            return [people[position - 1].Track];
        }

        if (choice.Picture is not null)
        {
            return people.MaxBy(person => person.Likeness) is { Likeness: >= FaceLikeness.Alike } alike ? [alike.Track] : [];
        }

        var largest = people.Max(person => person.Area);
        return choice.Point is null ? [people.First(person => person.Area >= EqualAreaShare * largest).Track] : [people.MinBy(person => person.Distance).Track];
    }

    private readonly record struct Person(int Track, double X, double Area, double Distance, double Likeness);
}
