using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Telemetry;
using StreamHub.Server.Apps.Pages;
using StreamHub.Server.Telemetry.Pages;

namespace StreamHub.Tests.Components;

public sealed class StatusAndTilesTests : BunitContext
{
    private static readonly HubSnapshot Snapshot = new(
        1, DateTimeOffset.UnixEpoch, new HostSample(25, 1L << 30, 4L << 30),
        [new InstanceSample("sales", "sales", "Sales", null, InstanceStatus.Running, "n", 3, 5242880, 2, null, 0, 7, 18500, null, null)]);

    public StatusAndTilesTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddLocalization();
    }

    [Fact]
    public async Task Tiles_render_alone_when_a_snapshot_arrives_and_are_dimmed_when_it_is_old()
    {
        var view = new LiveView();
        var tiles = Render<Tiles>(parameters => parameters.AddCascadingValue(view));
        tiles.FindAll(".tile").Should().BeEmpty();

        await tiles.InvokeAsync(() => view.Set(Snapshot, TimeSpan.Zero));
        tiles.Find(".tiles").TextContent.Should().Contain($"{1.0:F1} / {4.0:F1} GiB").And.Contain("1 / 1");

        await tiles.InvokeAsync(() => view.Set(Snapshot, TimeSpan.FromSeconds(11)));
        tiles.FindAll(".tiles.aging").Should().ContainSingle();
    }

    [Theory]
    [InlineData(InstanceStatus.Running, "Running")]
    [InlineData(InstanceStatus.Quarantined, "Failed")]
    public void State_is_a_word_beside_a_hidden_shape(InstanceStatus status, string word)
    {
        var mark = Render<StatusMark>(parameters => parameters.Add(part => part.Status, status));
        mark.Markup.Should().Contain(word).And.Contain("aria-hidden");
    }
}
