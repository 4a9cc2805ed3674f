using System.Collections;
using System.Globalization;
using System.Resources;
using StreamHub.Server.Resources;

namespace StreamHub.Tests.Components;

public sealed class AdminTextTests
{
    [Fact]
    public void Every_text_has_its_twin_in_the_other_language()
    {
        var resources = new ResourceManager(typeof(AdminText));
        Keys(resources, "ko").Should().BeEquivalentTo(Keys(resources, ""));
    }

    private static IEnumerable<string> Keys(ResourceManager resources, string culture) =>
        resources.GetResourceSet(CultureInfo.GetCultureInfo(culture), true, false)!.Cast<DictionaryEntry>().Select(entry => (string)entry.Key);
}
