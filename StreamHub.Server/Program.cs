using StreamHub.Server;
using StreamHub.Server.Cli;
using StreamHub.Server.Demo;
using StreamHub.Server.Processes.Windows;

var command = new HubCommand(
    HubApplication.RunAsync,
    DemoApp.RunAsync,
    pid => Task.FromResult(CtrlCHelper.Run(pid)),
    HubApplication.Settings,
    Console.Out,
    Console.Error);
return await command.InvokeAsync(args);
