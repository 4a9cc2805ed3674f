namespace StreamHub.Server.Http;

/// <summary>Asks <c>/etc/hosts</c> or DNS for the full name of a host; null where neither knows it.</summary>
internal delegate Task<string?> HostNameLookup(string host);
