using System.Collections;
using StreamHub.Server.Runtimes;
using StreamHub.Server.Settings;
using StreamHub.Server.Streamlit;
using StreamHub.Tests.Server.Admin;

namespace StreamHub.Tests.Server.Runtimes;

/// <summary>Which variables an app gets, and from where. What the settings refuse is in <see cref="Hosting.InsecureSettingsTests"/>.</summary>
public sealed class AppVariablesTests
{
    [Fact]
    public void Named_variables_of_the_hub_are_handed_on_and_others_are_set()
    {
        var own = new Dictionary<string, string> { ["HTTPS_PROXY"] = "http://proxy:3128", ["no_proxy"] = "", ["SECRET"] = "s" };

        var variables = AppVariables.Read(["HTTPS_PROXY", "no_proxy", "REQUESTS_CA_BUNDLE", "MPLBACKEND=Agg", "EMPTY=", "URL=a=b", "A__B=1"], own.GetValueOrDefault, (name, _) => Assert.Fail(name));

        variables.Should().Equal(new Dictionary<string, string>
        {
            ["HTTPS_PROXY"] = "http://proxy:3128", ["no_proxy"] = "", ["MPLBACKEND"] = "Agg", ["EMPTY"] = "", ["URL"] = "a=b", ["A__B"] = "1",
        });
    }

    [Fact]
    public void Later_layers_win_and_each_variable_knows_its_own()
    {
        var settings = TestHub.NewSettings() with { AppVariables = new Dictionary<string, string> { ["A"] = "hub-wide", ["B"] = "hub-wide", ["C"] = "hub-wide", ["PATH"] = "/hub" } };

        var environment = AppEnvironment.Create([new("A", "default"), new("D", "default")], settings, [new("B", "entry"), new("C", "entry")], [new("C", "hub")]);

        environment.Values.Should().Contain([new("A", "hub-wide"), new("B", "entry"), new("C", "hub"), new("D", "default"), new("PATH", "/hub")]);
        environment.Values.Keys.Where(name => name.Length == 1).Select(environment.SourceOf).Should().BeEquivalentTo([StartSource.HubWide, StartSource.Entry, StartSource.Required, StartSource.Suggested]);
        environment.SourceOf("HOME").Should().Be(StartSource.Machine);
        environment.SourceOf("PATH").Should().Be(StartSource.HubWide);
    }

    [Theory]
    [InlineData("USERNAME", true, false)]
    [InlineData("computername", true, false)]
    [InlineData("CUDA_PATH", true, false)]
    [InlineData("CUDA_PATH_V12_4", true, false)]
    [InlineData("PROCESSOR_IDENTIFIER", true, false)]
    [InlineData("Path", true, false)]
    [InlineData("PATH", true, true)]
    [InlineData("HOME", false, true)]
    [InlineData("LC_CTYPE", false, true)]
    [InlineData("AWS_SECRET_ACCESS_KEY", false, false)]
    [InlineData("STREAMHUB_RUN", false, false)]
    [InlineData("CUDA_SECRET", false, false)]
    [InlineData("USERNAME_X", false, false)]
    public void The_allow_list_has_facts_of_the_machine(string name, bool onWindows, bool onLinux)
    {
        var variables = new Hashtable { [name] = "x" };
        (AppEnvironment.Allowed(variables, isWindows: true).Any(), AppEnvironment.Allowed(variables, isWindows: false).Any()).Should().Be((onWindows, onLinux));
    }

    [Theory]
    [InlineData("server.enableCORS", "STREAMLIT_SERVER_ENABLE_CORS")]
    [InlineData("server.sslCertFile", "STREAMLIT_SERVER_SSL_CERT_FILE")]
    [InlineData("server.enableXsrfProtection", "STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION")]
    [InlineData("server.disconnectedSessionTTL", "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL")]
    [InlineData("runner.postScriptGC", "STREAMLIT_RUNNER_POST_SCRIPT_GC")]
    public void An_option_has_the_variable_that_Streamlit_reads(string option, string variable) => StreamlitOptions.Variable(option).Should().Be(variable);

    [Fact]
    public void A_program_of_a_Conda_environment_gets_what_its_activation_sets()
    {
        var root = Directory.CreateDirectory(Path.Combine(TestDirectory.Create(), "envs", "sales")).FullName;
        Directory.CreateDirectory(Path.Combine(root, "conda-meta"));
        var (inBin, inRoot) = (Path.Combine(root, "bin", "python"), Path.Combine(root, "python.exe"));

        CondaEnvironment.Variables(inBin, "/usr/bin", isWindows: false).Should().Equal([new("CONDA_PREFIX", root), new("PATH", $"{root}/bin:/usr/bin")]);
        CondaEnvironment.Variables(inBin, null, isWindows: false).Should().Contain(new KeyValuePair<string, string>("PATH", $"{root}/bin"));
        CondaEnvironment.Variables(inRoot, @"C:\Windows", isWindows: true).Should().Contain(
            new KeyValuePair<string, string>("PATH", $@"{root};{root}\Library\mingw-w64\bin;{root}\Library\usr\bin;{root}\Library\bin;{root}\Scripts;{root}\bin;C:\Windows"));

        Directory.Delete(Path.Combine(root, "conda-meta"));
        CondaEnvironment.Variables(inBin, "/usr/bin", isWindows: false).Should().BeEmpty("a virtual environment works without");
        CondaEnvironment.Variables("python", "/usr/bin", isWindows: false).Should().BeEmpty();
    }
}
