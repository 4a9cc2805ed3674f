using System.Text.Json;
using System.Text.RegularExpressions;

namespace StreamHub.Tests.EndToEnd.Differential;

/// <summary>A project whose script is in <c>src</c>, and whose config.toml and secrets are in the project's root; the home directory has some, too.</summary>
internal sealed partial class ObserverProject
{
    private ObserverProject(string root) => Root = root;

    public string Root { get; }

    public string Home => Path.Combine(Root, "home");

    public string Script => Path.Combine(Root, "src", "observer.py");

    /// <summary>Makes observations brief: without child processes.</summary>
    private string Brief => Path.Combine(Root, "brief");

    /// <summary>The file in which the script writes what it observes.</summary>
    private string Observed => Path.Combine(Root, "observed.json");

    public static async Task<ObserverProject> CreateAsync()
    {
        var project = new ObserverProject(TestDirectory.Create());
        var source = Directory.CreateDirectory(Path.Combine(project.Root, "src")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "EndToEnd", "Apps", "observer")))
        {
            File.Copy(file, Path.Combine(source, Path.GetFileName(file)));
        }

        foreach (var (folder, secrets, config) in new[]
                 {
                     (project.Home, "of_home = \"home\"\nof_both = \"home\"\n", "[server]\nmaxUploadSize = 6\n[client]\nshowErrorDetails = false\n"),
                     (project.Root, "word = \"kept\"\nof_both = \"project\"\n", "[theme]\nprimaryColor = \"#112233\"\n[server]\nmaxUploadSize = 7\n"),
                 })
        {
            Directory.CreateDirectory(Path.Combine(folder, ".streamlit"));
            await File.WriteAllTextAsync(Path.Combine(folder, ".streamlit", "secrets.toml"), secrets);
            await File.WriteAllTextAsync(Path.Combine(folder, ".streamlit", "config.toml"), config);
        }

        return project;
    }

    /// <summary>Replaces config.toml, as an editor does.</summary>
    public async Task ConfigureAsync(string config)
    {
        var file = Path.Combine(Root, ".streamlit", "config.toml");
        await File.WriteAllTextAsync(file + ".new", config);
        File.Move(file + ".new", file, overwrite: true);
    }

    /// <summary>Saves the module of the script in another version. Observations of all but the first are brief.</summary>
    public async Task SaveModuleAsync(int version)
    {
        var module = Path.Combine(Root, "src", "helper.py");
        await File.WriteAllTextAsync(module, VersionLine().Replace(await File.ReadAllTextAsync(module), $"VERSION = {version}\n"));
        if (version == 1)
        {
            File.Delete(Brief);
        }
        else
        {
            await File.WriteAllTextAsync(Brief, "");
        }
    }

    /// <summary>What the last run of the script observed.</summary>
    public async Task<JsonElement> ReadAsync()
    {
        var observed = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(Observed));
        File.Delete(Observed);
        return observed;
    }

    [GeneratedRegex(@"VERSION = \d+\n")]
    private static partial Regex VersionLine();
}
