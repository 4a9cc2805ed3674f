using Microsoft.Extensions.Localization;
using StreamHub.Domain.Runs;
using StreamHub.Server.Resources;

namespace StreamHub.Server.Runs;

/// <summary>Why a run is not ready, in the language of the reader.</summary>
internal static class FaultText
{
    public static string Of(StartFault fault, IStringLocalizer<UserText> text) => text[$"Fault.{fault.Kind}{Form(fault)}", fault.Detail ?? ""];

    private static string Form(StartFault fault) => fault switch
    {
        { Kind: StartFault.Cause.Slow or StartFault.Cause.Mute, Detail: not null } => "Late",

        // It does not know the prefix of its visitors' paths.
        { Kind: StartFault.Cause.Unhealthy, Detail: { } asked } when asked.StartsWith("/app/", StringComparison.Ordinal) && asked.EndsWith(" 404", StringComparison.Ordinal) => "Path",
        _ => "",
    };
}
