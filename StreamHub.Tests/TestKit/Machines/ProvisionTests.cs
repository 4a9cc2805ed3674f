using Xunit.Sdk;

namespace StreamHub.Tests.TestKit.Machines;

public sealed class ProvisionTests
{
    [Fact]
    public async Task The_provisioned_python_has_streamlit()
    {
        var python = await E2E.StreamlitPythonAsync();
        var (code, output) = await Tool.RunAsync(python, ["-c", "import importlib.metadata as m; print(m.version('streamlit'))"], TimeSpan.FromMinutes(1));
        code.Should().Be(0, output);
        output.Trim().Should().Be("1.67.0");
    }

    [Fact]
    public async Task What_was_made_once_is_found_again() =>
        (await StreamlitVenv.ProvideAsync(StreamlitVenv.Usual)).Path.Should().Be(await E2E.StreamlitPythonAsync());

    [Fact]
    public void What_is_missing_skips_on_a_desk_and_fails_on_CI()
    {
        var missing = Provision.Missing("no network");
        FluentActions.Invoking(() => E2E.Require(missing, "Streamlit", isCI: false)).Should().Throw<SkipException>().WithMessage("*no network*");
        FluentActions.Invoking(() => E2E.Require(missing, "Streamlit", isCI: true)).Should().Throw<FailException>().WithMessage("*no network*");
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_a_value() =>
        (await Tool.RunAsync("no-such-program", [], TimeSpan.FromSeconds(5))).Code.Should().Be(127);

    [Theory]
    [InlineData("Users: http://127.0.0.1:4711/", "Admin: http://127.0.0.1:4712/claim?token=abc")]
    [InlineData("StreamHub is ready.  Users: http://127.0.0.1:4711/   Admin: http://127.0.0.1:4712/claim?token=abc  (opens once)", null)]
    public void The_ready_line_is_understood(string first, string? second)
    {
        var addresses = new HubProcess.Addresses();
        (addresses.Read(first) || addresses.Read(second)).Should().BeTrue();
        addresses.Users.Should().Be("http://127.0.0.1:4711/");
        addresses.Admin.Should().Be("http://127.0.0.1:4712/claim?token=abc");
    }
}
