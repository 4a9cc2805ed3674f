using System.Text.RegularExpressions;

namespace StreamHub.Tests.Rules;

public sealed partial class LayoutRules
{
    private static readonly string[] Projects = ["StreamHub.Domain", "StreamHub.Server", "StreamHub.Tests"];

    [Fact]
    public void A_file_lives_in_the_folder_of_its_namespace()
    {
        var wrong =
            from project in Projects
            from file in Sources.Files(project, ".cs")
            let declared = Namespace().Match(File.ReadAllText(file))
            where declared.Success
            let folder = Sources.Name(Path.GetDirectoryName(file)!).Replace('/', '.')
            where declared.Groups[1].Value != folder
            select $"{Sources.Name(file)}: {declared.Groups[1].Value}";
        wrong.Should().BeEmpty();
    }

    [Fact]
    public void Source_files_have_300_lines_at_most() => TooLong(".cs", 300).Should().BeEmpty();

    [Fact]
    public void Components_have_150_lines_at_most() => TooLong(".razor", 150).Should().BeEmpty();

    [Fact]
    public void The_program_reads_as_the_pipeline() =>
        File.ReadLines(Path.Combine(Sources.Root, "StreamHub.Server", "Program.cs")).Count().Should().BeLessThanOrEqualTo(60);

    [Fact]
    public void Nothing_swallows_an_exception_or_runs_unwatched()
    {
        var wrong =
            from project in Projects
            from file in Sources.Files(project, ".cs", ".razor")
            where Path.GetFileName(file) != $"{nameof(LayoutRules)}.cs"
            from Match match in Smell().Matches(File.ReadAllText(file))
            select $"{Sources.Name(file)}: {match.Value.ReplaceLineEndings(" ")}";
        wrong.Should().BeEmpty();
    }

    [Theory]
    [InlineData("catch { }")]
    [InlineData("catch\n        {\n        }")]
    [InlineData("catch (IOException) { }")]
    [InlineData("async void Go()")]
    [InlineData("_ = GoAsync();")]
    [InlineData("changed = Bind(() => _ = InvokeAsync(LoadAsync));")]
    [InlineData("private void OnChanged() => InvokeAsync(() =>")]
    [InlineData("// TODO later")]
    public void The_search_for_smells_finds_them(string code) => Smell().IsMatch(code).Should().BeTrue();

    private static IEnumerable<string> TooLong(string ending, int most) =>
        from project in ending == ".razor" ? ["StreamHub.Server"] : Projects
        from file in Sources.Files(project, ending)
        let lines = File.ReadLines(file).Count()
        where lines > most
        select $"{Sources.Name(file)}: {lines} lines";

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"catch\s*(\([^)]*\)\s*)?\{\s*\}|async\s+void\s|(?<![\w,(]\s?)_ = \w*Async\(|\b(?:private|public|protected|internal)[\w ]* void \w+\([^)]*\) => \w*Async\(|//\s*TODO")]
    private static partial Regex Smell();
}
