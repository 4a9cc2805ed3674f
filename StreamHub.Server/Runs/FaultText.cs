using Microsoft.Extensions.Localization;
using StreamHub.Domain.Instances;
using StreamHub.Server.Resources;

namespace StreamHub.Server.Runs;

/// <summary>Why a run is not ready, in the language of the reader.</summary>
internal static class FaultText
{
    public static string Of(StartFault fault, IStringLocalizer<UserText> text) =>
        text[$"Fault.{fault.Kind}{(fault is { Kind: StartFault.Cause.Slow or StartFault.Cause.Mute, Detail: not null } ? "Late" : "")}", fault.Detail ?? ""];
}
