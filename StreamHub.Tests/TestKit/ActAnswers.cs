namespace StreamHub.Tests.TestKit;

/// <summary>Answers of the API to a start, a stop or a restart.</summary>
internal static class ActAnswers
{
    private const string NotYet = "was requested, but had no effect";

    /// <summary>Whether the act was taken up. It may take effect later than the answer waits for: the test waits for the effect itself.</summary>
    public static async Task<bool> IsTakenUpAsync(this HttpResponseMessage answer) =>
        answer.IsSuccessStatusCode || (await answer.Content.ReadAsStringAsync()).Contains(NotYet, StringComparison.Ordinal);
}
