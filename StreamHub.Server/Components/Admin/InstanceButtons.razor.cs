namespace StreamHub.Server.Components.Admin;

/// <summary>Start, stop, restart and open of one instance.</summary>
public sealed partial class InstanceButtons
{
    // Here and not in the .razor file: source generators do not see what the Razor compiler generates.
    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "{Act} of {Instance} from the admins' pages failed")]
        public static partial void ActionFailed(ILogger logger, Exception exception, string act, string instance);
    }
}
