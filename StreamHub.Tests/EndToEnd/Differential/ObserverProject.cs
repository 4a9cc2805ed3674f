using System.Text.Json;

namespace StreamHub.Tests.EndToEnd.Differential;

/// <summary>A project whose script is in <c>src</c>, and whose config.toml and secrets are in the project's root.</summary>
internal sealed class ObserverProject
{
    private ObserverProject(string root) => Root = root;

    public string Root { get; }

    public string Script => Path.Combine(Root, "src", "observer.py");

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

        Directory.CreateDirectory(Path.Combine(project.Root, ".streamlit"));
        await File.WriteAllTextAsync(Path.Combine(project.Root, ".streamlit", "secrets.toml"), "word = \"kept\"\n");
        await project.ConfigureAsync("[theme]\nprimaryColor = \"#112233\"\n[server]\nmaxUploadSize = 7\n");
        return project;
    }

    /// <summary>Replaces config.toml, as an editor does.</summary>
    public async Task ConfigureAsync(string config)
    {
        var file = Path.Combine(Root, ".streamlit", "config.toml");
        await File.WriteAllTextAsync(file + ".new", config);
        File.Move(file + ".new", file, overwrite: true);
    }

    /// <summary>Makes further observations brief: without child processes.</summary>
    public Task ShortenAsync() => File.WriteAllTextAsync(Path.Combine(Root, "brief"), "");

    /// <summary>What the last run of the script observed.</summary>
    public async Task<JsonElement> ReadAsync()
    {
        var observed = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(Observed));
        File.Delete(Observed);
        return observed;
    }
}
