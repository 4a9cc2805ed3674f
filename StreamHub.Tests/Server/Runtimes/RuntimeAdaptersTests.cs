using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using StreamHub.Domain.Apps;
using StreamHub.Server.Demo;
using StreamHub.Server.Runtimes;
using StreamHub.Server.Streamlit;

namespace StreamHub.Tests.Server.Runtimes;

public sealed class RuntimeAdaptersTests
{
    [Fact]
    public void Every_runtime_has_one_adapter()
    {
        var adapters = new ServiceCollection().AddRuntimes().AddStreamlit().AddDemo()
            .Where(service => service.ServiceType == typeof(RuntimeAdapter)).Select(service => service.ImplementationType!).ToArray();

        adapters.Should().HaveSameCount(typeof(AppRuntime).GetNestedTypes());
        adapters.Select(adapter => ((RuntimeAdapter)RuntimeHelpers.GetUninitializedObject(adapter)).Runtime)
            .Should().BeEquivalentTo(typeof(AppRuntime).GetNestedTypes());
    }
}
