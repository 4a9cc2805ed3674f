using StreamHub.Server.Cli;
using StreamHub.Server.Demo;
using StreamHub.Server.Hosting;

return await HubCommand.RunAsync(args, HubApplication.RunAsync, DemoApp.RunAsync);
