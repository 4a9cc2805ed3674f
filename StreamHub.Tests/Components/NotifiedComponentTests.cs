using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using StreamHub.Server.AdminPages;

namespace StreamHub.Tests.Components;

public sealed class NotifiedComponentTests : BunitContext
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_handler_that_fails_reaches_the_error_boundary_around_it(bool isLate)
    {
        var boundary = Render<ErrorBoundary>(parameters => parameters
            .Add(it => it.ChildContent, Part)
            .Add(it => it.ErrorContent, failure => builder => builder.AddContent(0, failure.Message)));
        var part = boundary.FindComponent<Watcher>().Instance;
        var begun = new TaskCompletionSource();
        part.Work = async () =>
        {
            await (isLate ? begun.Task : Task.CompletedTask);
            throw new InvalidOperationException("it broke");
        };

        await Task.Run(part.Changed, Xunit.TestContext.Current.CancellationToken);
        begun.SetResult();

        await boundary.WaitForAssertionAsync(() => boundary.Markup.Should().Contain("it broke"));
    }

    private static void Part(RenderTreeBuilder builder)
    {
        builder.OpenComponent<Watcher>(0);
        builder.CloseComponent();
    }

    private sealed class Watcher : NotifiedComponent
    {
        public Watcher() => Changed = Handler(() => Work());

        public Action Changed { get; }

        public Func<Task> Work { get; set; } = () => Task.CompletedTask;
    }
}
