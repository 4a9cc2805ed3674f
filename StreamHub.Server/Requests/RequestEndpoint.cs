using StreamHub.Domain.Access;
using StreamHub.Domain.Refusals;
using StreamHub.Server.Access;
using StreamHub.Server.Home;
using StreamHub.Server.Http;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Requests;

/// <summary>The public endpoint of requests for access. The address alone identifies the visitor.</summary>
internal sealed class RequestEndpoint(AccessRequests requests, RefusalWriter refusals, DeviceCookie devices)
{
    private const string Path = "/_hub/request";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Path, (RequestDelegate)StateAsync).OnListener(Listener.Users);
        endpoints.MapPost(Path, (RequestDelegate)AskAsync).OnListener(Listener.Users);
    }

    /// <summary>Polled by a waiting page: whether the visitor has access now, and the state of the request.</summary>
    private async Task StateAsync(HttpContext context)
    {
        var caller = context.Caller();
        if (caller.Address is not { } address)
        {
            refusals.Begin(context, RefusalReason.Address);
            return;
        }

        if (context.Request.AcceptsHtml())
        {
            // The language was changed on the page that follows a refused form.
            context.Response.Redirect("/");
            return;
        }

        if (caller.Decision is not { } decision)
        {
            refusals.Begin(context, RefusalReason.Database);
            return;
        }

        var request = await requests.FindAsync(address, caller.Configuration, context.RequestAborted);
        await context.Response.WriteAsJsonAsync(
            new
            {
                admitted = decision is AccessDecision.Admitted,
                request = RequestPanel.Version(request),
            },
            context.RequestAborted);
    }

    private async Task AskAsync(HttpContext context)
    {
        var caller = context.Caller();
        if (caller.Address is not { } address)
        {
            refusals.Begin(context, RefusalReason.Address);
            return;
        }

        var form = await context.Request.ReadSmallFormAsync();
        var back = UserPagesFeature.Local(form["back"].ToString());
        if (form["act"] == "withdraw")
        {
            await requests.WithdrawAsync(address, context.RequestAborted);
            context.Response.SeeOther(back);
            return;
        }

        if (caller.Decision is not { } decision)
        {
            refusals.Begin(context, RefusalReason.Database);
            return;
        }

        if (decision is AccessDecision.Disabled)
        {
            refusals.Begin(context, RefusalReason.Disabled);
            return;
        }

        var owner = decision.Claim?.User.Name;
        var asked = AccessRequestForm.Read(owner?.ToString() ?? form["name"], form["app"], form["purpose"]);
        if (!asked.IsValid)
        {
            await ShowAsync(StatusCodes.Status400BadRequest, "Ask.Invalid");
            return;
        }

        switch (await requests.AskAsync(address, owner, devices.Read(context.Request), asked, context.RequestAborted))
        {
            case SubmitResult.Sent:
                context.Response.SeeOther(back);
                break;
            case SubmitResult.Refused:
                refusals.Begin(context, RefusalReason.Plea);
                await ShowAsync(StatusCodes.Status409Conflict, "Ask.Refused");
                break;
            default:
                refusals.Begin(context, RefusalReason.Rate);
                context.Response.Headers.RetryAfter = "86400";
                await ShowAsync(StatusCodes.Status429TooManyRequests, "Ask.TooMany");
                break;
        }

        Task ShowAsync(int status, string problem) =>
            UserPages.WriteAsync<RequestPage>(context, status, new() { ["Request"] = asked, ["Problem"] = problem, ["Back"] = back, ["AsksName"] = owner is null });
    }
}
