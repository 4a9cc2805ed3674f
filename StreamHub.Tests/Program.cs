using StreamHub.Tests;
using StreamHub.Tests.Faults;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// Beside the tests, which run as they would without this: verbs that take longer than a test may.
return args switch
{
    ["faults" or "kills", ..] => await FaultCommand.RunAsync(args),
    _ when args.Any(argument => argument is "--server" or "--internal-msbuild-node") =>
        await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
    _ => await ConsoleRunner.Run(args),
};
