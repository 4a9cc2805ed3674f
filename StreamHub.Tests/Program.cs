using StreamHub.Tests;
using StreamHub.Tests.Domain.Supervision.Simulation;
using StreamHub.Tests.EndToEnd.Differential;
using StreamHub.Tests.Faults;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// Commands for long runs stand beside the tests, which start as they would without this.
return args switch
{
    ["faults" or "kills", ..] => await FaultCommand.RunAsync(args),
    ["histories", var count] => HistoryCommand.Run(count),
    ["streamlit", ..] => await DifferentialCommand.RunAsync(args),
    _ when args.Any(argument => argument is "--server" or "--internal-msbuild-node") =>
        await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
    _ => await ConsoleRunner.Run(args),
};
