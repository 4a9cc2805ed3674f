namespace StreamHub.Server.Audit;

/// <summary>
/// Exports and verifications of the whole audit through the API. Each takes seconds, so one runs at a time: repeated requests must not starve the
/// rest of the hub.
/// </summary>
internal sealed class FullReads : IDisposable
{
    private const string Later = "10";

    private readonly SemaphoreSlim place = new(1, 1);

    /// <summary>A response that runs alone; 503 while another one runs.</summary>
    public IResult One(Func<HttpContext, Task> answer) => new Reading(this, answer);

    /// <summary>Takes the slot; false while it is in use.</summary>
    public bool TryBegin() => place.Wait(TimeSpan.Zero);

    /// <summary>Releases the slot.</summary>
    public void End() => place.Release();

    public void Dispose() => place.Dispose();

    private sealed class Reading(FullReads readings, Func<HttpContext, Task> answer) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            if (!readings.TryBegin())
            {
                httpContext.Response.Headers.RetryAfter = Later;
                await TypedResults.Problem("Another export or verification of the audit is running; try again later.", statusCode: StatusCodes.Status503ServiceUnavailable).ExecuteAsync(httpContext);
                return;
            }

            try
            {
                await answer(httpContext);
            }
            finally
            {
                readings.End();
            }
        }
    }
}
