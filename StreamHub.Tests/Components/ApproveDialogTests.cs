using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using StreamHub.Domain.Access;
using StreamHub.Server.AdminPages;
using StreamHub.Server.Requests;

namespace StreamHub.Tests.Components;

public sealed class ApproveDialogTests : AdminPage
{
    [Fact]
    public async Task What_an_approval_would_surprise_with_is_said_before_it_is_given()
    {
        var cancellation = Xunit.TestContext.Current.CancellationToken;
        await Hub.AddUserAsync("office", "user", "10.0.0.0/24");
        await Hub.Get<AccessRequests>().AskAsync(ClientAddress.Parse("10.0.0.7"), owner: null, device: null, new AccessRequestForm("Lee", "sales", ""), cancellation);
        var request = (await Hub.Requests.ListAsync(isOpen: true, cancellation)).Single();
        await Dialogs.InvokeAsync(() => Services.GetRequiredService<IDialogService>().ShowAsync<ApproveDialog>(
            "", new DialogParameters<ApproveDialog> { { dialog => dialog.Request, request } }, EntryDialog.Options));

        Dialogs.WaitForElement(".s-warn").TextContent.Should().Contain("10.0.0.7").And.Contain("office");
        await ClickInDialogAsync("Who would gain or lose");
        Dialogs.WaitForElement("[role=status] .hint");
        (await Hub.Requests.CountOpenAsync(cancellation)).Should().Be(1, "a preview changes nothing");
    }
}
