namespace LatentSync.Server.Events;

/// <summary>Tells the other processes of a server what happens in this one. What is lost is read from the database a little later.</summary>
internal interface INewsChannel
{
    /// <summary>Tells them; returns at once.</summary>
    void Send(NewsItem item);
}
