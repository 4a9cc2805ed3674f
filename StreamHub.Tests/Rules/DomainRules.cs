using System.Reflection;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Rules;

public sealed class DomainRules
{
    private static readonly Assembly Domain = typeof(HubMachine).Assembly;

    // The base class library as the compiler splits it; the domain needs no more, so that it stays without I/O.
    private static readonly string[] Allowed =
    [
        "System.Runtime", "System.Collections", "System.Collections.Immutable", "System.Linq", "System.Memory",
        "System.Net.Primitives", "System.Text.RegularExpressions", "System.Runtime.InteropServices", "System.Runtime.Extensions",
    ];

    [Fact]
    public void The_domain_references_the_base_library_only()
    {
        var references = Domain.GetReferencedAssemblies().Select(reference => reference.Name!).ToArray();
        references.Should().NotBeEmpty();
        references.Except(Allowed).Should().BeEmpty();
    }

    [Fact]
    public void The_domain_names_no_package_and_no_project()
    {
        var project = File.ReadAllText(Sources.Files("StreamHub.Domain", ".csproj").Single());
        project.Should().NotContain("PackageReference").And.NotContain("ProjectReference").And.NotContain("FrameworkReference");
    }

    [Fact]
    public void Public_domain_types_are_closed_for_inheritance_or_made_for_it()
    {
        var types = Domain.GetExportedTypes();
        types.Should().HaveCountGreaterThan(40);
        types.Where(type => !(type.IsSealed || type.IsAbstract || type.IsValueType)).Should().BeEmpty();
    }

    [Theory]
    [InlineData("TimeProvider")]
    [InlineData("Stopwatch")]
    [InlineData("Environment.TickCount")]
    [InlineData("RandomNumberGenerator")]
    [InlineData("new Random")]
    [InlineData("System.IO")]
    [InlineData("File.")]
    [InlineData("Task")]
    [InlineData("lock (")]
    public void The_domain_has_no_clock_no_dice_and_no_outside(string word) =>
        Sources.Files("StreamHub.Domain", ".cs")
            .Where(file => File.ReadLines(file).Any(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && line.Contains(word, StringComparison.Ordinal)))
            .Select(Sources.Name).Should().BeEmpty();
}
