using StreamHub.Domain.Refusals;
using StreamHub.Server.Access;
using StreamHub.Server.Http;

namespace StreamHub.Server.Checks;

/// <summary>Accepts only the hub's own host names, on both listeners; refuses others (421).</summary>
internal sealed class HostCheck(RequestDelegate next, OwnHostNames hosts, RefusalWriter refusals)
{
    public Task InvokeAsync(HttpContext context) =>
        hosts.Contains(context.Request.Host.Host)
            ? next(context)
            : refusals.WriteAsync(
                context,
                RefusalReason.Host,
                "The host name is not allowed. Use the machine's own name or address, or add the name to StreamHub:AllowedHosts.");
}
