using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LatentSync.Client;

/// <summary>
/// A server of <c>latentsync serve</c>. Uploads, streams of events and downloads resume where a broken connection left them.
/// Every method throws <see cref="LatentSyncServerException"/> where the server refuses, and <see cref="HttpRequestException"/>
/// where it cannot be reached.
/// </summary>
public sealed class LatentSyncClient : IDisposable
{
    private const int ChunkLength = 8 << 20;
    private const int BufferLength = 1 << 16;
    private const int Attempts = 8;
    private const string TusVersion = "1.0.0";

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    /// <summary>Connects to nothing yet.</summary>
    /// <param name="server">Such as <c>http://127.0.0.1:8300</c>.</param>
    /// <param name="key">Of <c>latentsync keys add</c>; null where the server asks for none.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "The client owns it and disposes it.")]
    public LatentSyncClient(Uri server, string? key = null)
        : this(new HttpClient { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan }, key, TimeProvider.System) { }

    internal LatentSyncClient(HttpClient http, string? key, TimeProvider time)
    {
        (_http, _time) = (http, time);
        if (key is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
    }

    /// <summary>Uploads a file in pieces; a piece that breaks off is continued.</summary>
    /// <param name="path">The file.</param>
    /// <param name="progress">Told how many bytes are there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The id that a job names.</returns>
    public async Task<string> UploadAsync(string path, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferLength, useAsync: true);
        await using var closing = file.ConfigureAwait(false);
        var location = await RetryAsync(() => CreateUploadAsync(file.Length, Path.GetFileName(path), cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        for (long sent = 0; sent < file.Length; )
        {
            sent = await RetryAsync(() => SendAsync(location, file, cancellationToken), cancellationToken).ConfigureAwait(false);
            progress?.Report(sent);
        }

        return location.Split('/')[^1];
    }

    /// <summary>Submits a job.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="cancellationToken">Gives up; the job may have been accepted.</param>
    public Task<ServerJob> SubmitAsync(ServerJobRequest request, CancellationToken cancellationToken = default) =>
        SubmitAsync("/v1/jobs", request, cancellationToken);

    /// <summary>Has the faces of a video found, without generating anything.</summary>
    /// <param name="request">What a job would be.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ServerJob> AnalyzeAsync(ServerJobRequest request, CancellationToken cancellationToken = default) =>
        SubmitAsync("/v1/analyses", request, cancellationToken);

    /// <summary>A job as it is now.</summary>
    public Task<ServerJob> GetAsync(string id, CancellationToken cancellationToken = default) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Get, Address(id)), ClientJson.Default.ServerJob, cancellationToken);

    /// <summary>Your jobs, newest first.</summary>
    /// <param name="state">Only jobs in this state; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async IAsyncEnumerable<ServerJob> ListAsync(string? state = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (string? cursor = string.Empty; cursor is not null; )
        {
            var query = $"/v1/jobs?{(cursor.Length > 0 ? $"cursor={cursor}&" : string.Empty)}{(state is null ? string.Empty : $"state={state}")}";
            var page = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, query), ClientJson.Default.ServerJobPage, cancellationToken)
                .ConfigureAwait(false);
            foreach (var job in page.Jobs)
            {
                yield return job;
            }

            cursor = page.Next;
        }
    }

    /// <summary>Stops a job; one that has ended stays as it is.</summary>
    public Task<ServerJob> CancelAsync(string id, CancellationToken cancellationToken = default) => PostAsync(id, "cancel", cancellationToken);

    /// <summary>Resumes a failed or cancelled job where it stopped.</summary>
    public Task<ServerJob> RetryAsync(string id, CancellationToken cancellationToken = default) => PostAsync(id, "retry", cancellationToken);

    /// <summary>Deletes a job with its files; it is stopped first.</summary>
    public async Task DeleteAsync(string id, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, Address(id));
        using var answer = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        await RequireAsync(answer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What happens to a job, from its beginning to its end. A broken connection is resumed, and nothing is told twice.</summary>
    public async IAsyncEnumerable<ServerJobEvent> WatchAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (last, failures, isEnded) = ((string?)null, 0, false);
        while (!isEnded)
        {
            var events = ReadEventsAsync(id, last, cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using var closing = events.ConfigureAwait(false);
            while (true)
            {
                try
                {
                    if (!await events.MoveNextAsync().ConfigureAwait(false))
                    {
                        // A stream ends with its job, or with its server.
                        isEnded = (await GetAsync(id, cancellationToken).ConfigureAwait(false)).HasEnded;
                        break;
                    }
                }
                catch (Exception error) when (error is IOException or HttpRequestException && failures++ < Attempts)
                {
                    await Task.Delay(FirstPause * failures, _time, cancellationToken).ConfigureAwait(false);
                    break;
                }

                (last, failures) = (events.Current.Id ?? last, 0);
                yield return events.Current;
            }
        }
    }

    /// <summary>Waits until a job has ended, however.</summary>
    public async Task<ServerJob> WaitAsync(string id, IProgress<ServerJobEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        await foreach (var said in WatchAsync(id, cancellationToken).ConfigureAwait(false))
        {
            progress?.Report(said);
        }

        return await GetAsync(id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Fetches the result of a job and compares it with its digest; a download that breaks off is continued.</summary>
    /// <param name="id">The job.</param>
    /// <param name="path">Where the file goes; it appears when it is whole, and replaces what is there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">The file is not what the server said it is.</exception>
    public async Task DownloadAsync(string id, string path, CancellationToken cancellationToken = default)
    {
        var job = await GetAsync(id, cancellationToken).ConfigureAwait(false);
        if (job.Result is not { } result)
        {
            throw new LatentSyncServerException(HttpStatusCode.Conflict, "not_ready", $"The job \"{id}\" is {job.State}; it has no result.");
        }

        var partial = path + ".part";
        await RetryAsync(() => ContinueDownloadAsync(result, partial, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (await DigestAsync(partial, cancellationToken).ConfigureAwait(false) != result.Sha256)
        {
            File.Delete(partial);
            throw new IOException($"The result of \"{id}\" arrived damaged; fetch it again.");
        }

        File.Move(partial, path, overwrite: true);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string Address(string id) => "/v1/jobs/" + Uri.EscapeDataString(id);

    private Task<ServerJob> PostAsync(string id, string action, CancellationToken cancellationToken) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Post, $"{Address(id)}/{action}"), ClientJson.Default.ServerJob, cancellationToken);

    /// <summary>With a key of its own, so that a request whose answer got lost is not done twice.</summary>
    private Task<ServerJob> SubmitAsync(string path, ServerJobRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var key = request.IdempotencyKey ?? Guid.NewGuid().ToString("N");
        return RetryAsync(
            () =>
                SendAsync(
                    () =>
                    {
                        var message = new HttpRequestMessage(HttpMethod.Post, path)
                        {
                            Content = JsonContent.Create(request, ClientJson.Default.ServerJobRequest),
                        };
                        message.Headers.Add("Idempotency-Key", key);
                        return message;
                    },
                    ClientJson.Default.ServerJob,
                    cancellationToken
                ),
            cancellationToken
        );
    }

    private async Task<string> CreateUploadAsync(long length, string name, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/uploads");
        request.Headers.Add("Tus-Resumable", TusVersion);
        request.Headers.Add("Upload-Length", length.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("Upload-Metadata", "filename " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(name)));
        using var answer = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        await RequireAsync(answer, cancellationToken).ConfigureAwait(false);
        return answer.Headers.Location?.ToString() ?? throw new HttpRequestException("The server did not say where the upload goes.");
    }

    /// <summary>Sends the next piece from where the server is.</summary>
    private async Task<long> SendAsync(string location, FileStream file, CancellationToken cancellationToken)
    {
        using var ask = new HttpRequestMessage(HttpMethod.Head, location);
        ask.Headers.Add("Tus-Resumable", TusVersion);
        using var told = await _http.SendAsync(ask, cancellationToken).ConfigureAwait(false);
        await RequireAsync(told, cancellationToken).ConfigureAwait(false);
        var offset = Offset(told);
        file.Seek(offset, SeekOrigin.Begin);
        var piece = new byte[Math.Min(ChunkLength, file.Length - offset)];
        await file.ReadExactlyAsync(piece, cancellationToken).ConfigureAwait(false);
        using var request = new HttpRequestMessage(HttpMethod.Patch, location) { Content = new ByteArrayContent(piece) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        request.Headers.Add("Tus-Resumable", TusVersion);
        request.Headers.Add("Upload-Offset", offset.ToString(CultureInfo.InvariantCulture));
        using var answer = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        await RequireAsync(answer, cancellationToken).ConfigureAwait(false);
        return Offset(answer);
    }

    private static long Offset(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Upload-Offset", out var values)
        && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? offset
            : throw new HttpRequestException("The server did not say how much of the upload is there.");

    private async IAsyncEnumerable<ServerJobEvent> ReadEventsAsync(string id, string? last, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address(id) + "/events");
        if (last is not null)
        {
            request.Headers.Add("Last-Event-ID", last);
        }

        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        await RequireAsync(answer, cancellationToken).ConfigureAwait(false);
        var stream = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var closing = stream.ConfigureAwait(false);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken).ConfigureAwait(false))
        {
            if (JsonSerializer.Deserialize(item.Data, ClientJson.Default.ServerJobEvent) is { } said)
            {
                yield return said with
                {
                    Type = item.EventType,
                    Id = string.IsNullOrEmpty(item.EventId) ? null : item.EventId,
                };
            }
        }
    }

    private async Task<bool> ContinueDownloadAsync(ServerJobResult result, string partial, CancellationToken cancellationToken)
    {
        var file = new FileStream(partial, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, BufferLength, useAsync: true);
        await using var closing = file.ConfigureAwait(false);
        if (file.Length > result.Bytes)
        {
            file.SetLength(0);
        }

        if (file.Length == result.Bytes)
        {
            return true;
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, result.Url);
        request.Headers.Range = new RangeHeaderValue(file.Length, null);
        request.Headers.IfRange = new RangeConditionHeaderValue(new EntityTagHeaderValue($"\"{result.Sha256}\""));
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        await RequireAsync(answer, cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode != HttpStatusCode.PartialContent)
        {
            file.SetLength(0);
        }

        file.Seek(0, SeekOrigin.End);
        await answer.Content.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task<T> SendAsync<T>(Func<HttpRequestMessage> create, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var request = create();
        using var answer = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        await RequireAsync(answer, cancellationToken).ConfigureAwait(false);
        return await answer.Content.ReadFromJsonAsync(type, cancellationToken).ConfigureAwait(false)
            ?? throw new HttpRequestException("The server's answer is empty.");
    }

    /// <summary>Tries again while the server cannot be reached or says that it is busy.</summary>
    private async Task<T> RetryAsync<T>(Func<Task<T>> run, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan pause;
            try
            {
                return await run().ConfigureAwait(false);
            }
            catch (Exception error) when (error is HttpRequestException or IOException && attempt < Attempts)
            {
                pause = FirstPause * Math.Pow(2, attempt - 1);
            }
            catch (LatentSyncServerException error) when (error.RetryAfter is not null && attempt < Attempts)
            {
                pause = error.RetryAfter.Value;
            }

            await Task.Delay(pause, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task RequireAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.IsSuccessStatusCode)
        {
            return;
        }

        ServerProblem? problem = null;
        if (answer.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            problem = await answer.Content.ReadFromJsonAsync(ClientJson.Default.ServerProblem, cancellationToken).ConfigureAwait(false);
        }

        throw new LatentSyncServerException(
            answer.StatusCode,
            problem?.Kind ?? "error",
            problem?.Detail ?? string.Create(CultureInfo.InvariantCulture, $"The server answered {(int)answer.StatusCode}.")
        )
        {
            RetryAfter = answer.Headers.RetryAfter?.Delta,
        };
    }

    private static async Task<string> DigestAsync(string path, CancellationToken cancellationToken)
    {
        var file = File.OpenRead(path);
        await using var closing = file.ConfigureAwait(false);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false));
    }
}
