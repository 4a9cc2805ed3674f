using System.Collections.Frozen;
using System.Net;
using Microsoft.Extensions.Primitives;
using StreamHub.Domain.Access;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Access;

/// <summary>
/// The client address of a request: the TCP peer, or the address that a known proxy reports. Proxies append to <c>X-Forwarded-For</c>, so it is
/// read from its end and only as far as known proxies wrote it. An entry that names this machine is refused: behind a proxy, a local app cannot be
/// told apart from a person, and the app could have made up all entries before its own.
/// </summary>
internal sealed class ClientAddressResolver(HubSettings settings, OwnAddresses own)
{
    private const string ForwardedFor = "X-Forwarded-For";
    private const string ForwardedProto = "X-Forwarded-Proto";

    private readonly FrozenSet<ClientAddress> proxies = settings.KnownProxies.ToFrozenSet();

    /// <summary>The client address of a TCP peer; null for a known proxy, which carries many clients.</summary>
    public ClientAddress? DirectClient(IPAddress peer) => ClientAddress.From(peer) is var address && IsProxy(address) ? null : address;

    /// <summary>The scheme that the client used; a known proxy may report it in <c>X-Forwarded-Proto</c>.</summary>
    public string Scheme(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } peer && IsProxy(ClientAddress.From(peer))
        && context.Request.Headers[ForwardedProto] is [{ } said] && said is "http" or "https"
            ? said
            : context.Request.Scheme;

    /// <summary>The public URL of the listener, for a request of a known proxy; null for any other request, and without a setting.</summary>
    public PublicUrl? PublicUrl(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } peer && IsProxy(ClientAddress.From(peer)) ? settings.PublicUrl(context.Listener()) : null;

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
                // The client can send anything left of its own entry; still, a chain with an invalid entry anywhere is rejected.
                if (!ClientAddress.TryParseForwarded(entries[i].Trim(' ', '\t'), out var entry))
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

        // A chain of proxies only has no client: the address of a proxy grants no access.
        return settled;
    }
}
