namespace StreamHub.Server.Audit;

/// <summary>Exports and checks of the whole audit through the API. They take seconds, so one runs at a time: whoever asks on and on must not keep the hub from its work.</summary>
internal sealed class FullReads : IDisposable
{
    private const string Later = "10";

    private readonly SemaphoreSlim place = new(1, 1);

    /// <summary>An answer that is made when nobody else's is, or else 503.</summary>
    public IResult One(Func<HttpContext, Task> answer) => new Reading(this, answer);

    /// <summary>Takes the place; false while somebody else has it.</summary>
    public bool TryBegin() => place.Wait(TimeSpan.Zero);

    /// <summary>Gives the place back.</summary>
    public void End() => place.Release();

    public void Dispose() => place.Dispose();

    private sealed class Reading(FullReads readings, Func<HttpContext, Task> answer) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            if (!readings.TryBegin())
            {
                httpContext.Response.Headers.RetryAfter = Later;
                await TypedResults.Problem("The audit is being exported or verified already; try again when that is done.", statusCode: StatusCodes.Status503ServiceUnavailable).ExecuteAsync(httpContext);
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
