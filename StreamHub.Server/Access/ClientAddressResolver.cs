using System.Collections.Frozen;
using System.Net;
using Microsoft.Extensions.Primitives;
using StreamHub.Domain.Access;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Access;

/// <summary>
/// The client address of a request: the TCP peer's, or what a known proxy says of it. A proxy appends, so
/// <c>X-Forwarded-For</c> is read from its end and only as far as known proxies wrote it. An entry that names this machine is no client: behind
/// a proxy, an app that runs here cannot be told from a person, and what stands before the entry is the app's own invention.
/// </summary>
internal sealed class ClientAddressResolver(HubSettings settings, OwnAddresses own)
{
    private const string ForwardedFor = "X-Forwarded-For";
    private const string ForwardedProto = "X-Forwarded-Proto";

    private readonly FrozenSet<ClientAddress> proxies = settings.KnownProxies.ToFrozenSet();

    /// <summary>The address at the other end of a connection; null for a known proxy's, which stands for many clients.</summary>
    public ClientAddress? DirectClient(IPAddress peer) => ClientAddress.From(peer) is var address && IsProxy(address) ? null : address;

    /// <summary>The scheme that the client used: a known proxy may say so in <c>X-Forwarded-Proto</c>.</summary>
    public string Scheme(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } peer && IsProxy(ClientAddress.From(peer))
        && context.Request.Headers[ForwardedProto] is [{ } said] && said is "http" or "https"
            ? said
            : context.Request.Scheme;

    /// <returns>False without a valid client address.</returns>
    public bool TryResolve(HttpContext context, out ClientAddress address)
    {
        address = default;
        if (context.Connection.RemoteIpAddress is not { } remote)
        {
            return false;
        }

        var peer = ClientAddress.From(remote);
        if (!IsProxy(peer))
        {
            address = peer;
            return true;
        }

        return TryWalk(context.Request.Headers[ForwardedFor], out address);
    }

    private bool IsProxy(ClientAddress address) => proxies.Contains(address);

    private bool TryWalk(StringValues header, out ClientAddress address)
    {
        address = default;
        var settled = false;
        for (var line = header.Count - 1; line >= 0; line--)
        {
            var entries = (header[line] ?? "").Split(',');
            for (var i = entries.Length - 1; i >= 0; i--)
            {
                // What stands left of the client was sent by the client, but a chain that is garbage anywhere is no chain.
                if (!ClientAddress.TryParse(entries[i].Trim(' ', '\t'), out var entry))
                {
                    address = default;
                    return false;
                }

                if (!settled)
                {
                    if (own.Contains(entry))
                    {
                        return false;
                    }

                    address = entry;
                    settled = !IsProxy(entry);
                }
            }
        }

        // A chain of proxies alone names nobody: a proxy's own address gives no rights.
        return settled;
    }
}
