using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Server.Audit;
using StreamHub.Server.Claim;
using StreamHub.Server.Cli;
using StreamHub.Server.Entries;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Configuration;

/// <summary>The commands of the configuration. Each works with or without a running hub and returns the exit code.</summary>
internal sealed class ConfigurationCommands(TextWriter output, TextWriter error)
{
    /// <summary>Creates and updates the users and apps of the file, or only reports the changes.</summary>
    public async Task<int> ApplyAsync(HubSettings settings, FileInfo source, bool plan, CancellationToken cancellationToken)
    {
        var (file, readErrors) = EntryJson.ReadFile(await File.ReadAllTextAsync(source.FullName, cancellationToken));
        await using var services = await CommandServices.CreateAsync(settings, cancellationToken, load: false);
        var result = await services.GetRequiredService<ConfigurationEditor>().ApplyAsync(file, readErrors, new ChangeOptions(plan), Actor.Console, cancellationToken);
        return await SayAsync(result, output, error, cancellationToken);
    }

    /// <summary>Prints the result of a change: its lines, warnings and who would gain or lose access; or a line for each refusal.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> SayAsync(ChangeResult result, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        foreach (var refused in result.Errors)
        {
            await error.WriteLineAsync((refused.Path.Length == 0 ? refused.Message : refused.ToString()).AsMemory(), cancellationToken);
        }

        foreach (var line in result.Changes.Concat(result.Overlaps.Select(overlap => $"warning: {overlap}")).Concat(result.Preview?.Lines() ?? []))
        {
            await output.WriteLineAsync(line.AsMemory(), cancellationToken);
        }

        if (result is { Succeeded: true, Changes.Count: 0 })
        {
            await output.WriteLineAsync("nothing to change".AsMemory(), cancellationToken);
        }

        return result.Succeeded ? 0 : 1;
    }

    /// <summary>Writes the configuration to a file that <c>apply</c> reads, or to the output.</summary>
    public async Task<int> ExportAsync(HubSettings settings, FileInfo? target, CancellationToken cancellationToken)
    {
        await using var services = await CommandServices.CreateAsync(settings, cancellationToken);
        foreach (var entry in services.GetRequiredService<ConfigurationStore>().Current.Unreadable)
        {
            await error.WriteLineAsync($"warning: the stored {entry.Kind} {entry.Key} cannot be read and is not exported as it is: {entry.Error}".AsMemory(), cancellationToken);
        }

        return await WriteAsync(EntryWriter.Write(services.GetRequiredService<ConfigurationEditor>().Export()) + "\n", target, cancellationToken);
    }

    public async Task<int> WriteAsync(string text, FileInfo? target, CancellationToken cancellationToken)
    {
        if (target is null)
        {
            await output.WriteAsync(text.AsMemory(), cancellationToken);
        }
        else
        {
            await File.WriteAllTextAsync(target.FullName, text, cancellationToken);
        }

        return 0;
    }

    /// <summary>Prints why an address is or is not admitted, or may or may not open an app.</summary>
    public async Task<int> ExplainAsync(HubSettings settings, string address, string? app, CancellationToken cancellationToken)
    {
        AppSlug? slug = AppSlug.TryParse(app, out var parsed) ? parsed : null;
        var wrong = !ClientAddress.TryParse(address, out var from) ? $"'{address}' is not an IP address"
            : app is not null && slug is null ? $"'{app}' is not a slug: {AppSlug.Expected}"
            : null;
        if (wrong is not null)
        {
            await error.WriteLineAsync(wrong.AsMemory(), cancellationToken);
            return 1;
        }

        await using var services = await CommandServices.CreateAsync(settings, cancellationToken);
        var said = services.GetRequiredService<ConfigurationEditor>().Explain(from, slug);
        await output.WriteLineAsync($"{from}{(slug is null ? "" : $" {slug}")}: {(said.Allowed ? "allowed" : "refused")}".AsMemory(), cancellationToken);
        foreach (var step in said.Steps)
        {
            await output.WriteLineAsync($"  {step.Code}: {step.Text}".AsMemory(), cancellationToken);
        }

        return 0;
    }

    /// <summary>Prints a one-time admin link: with the public URL where one is set, for this machine and for the network.</summary>
    public async Task<int> LinkAsync(HubSettings settings, CancellationToken cancellationToken)
    {
        await using var services = await CommandServices.CreateAsync(settings, cancellationToken);
        var token = await services.GetRequiredService<ClaimTokens>().CreateAsync(Actor.Console, cancellationToken);
        foreach (var address in ListenerLinks.OnConsole(settings.PublicAdminUrl, settings.AdminListener, services.GetRequiredService<OwnAddresses>()))
        {
            await output.WriteLineAsync(ClaimTokens.Link(address, token).AsMemory(), cancellationToken);
        }

        return 0;
    }
}
