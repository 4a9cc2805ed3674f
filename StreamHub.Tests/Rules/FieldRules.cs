using System.ComponentModel;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using StreamHub.Server.Entries;

namespace StreamHub.Tests.Rules;

/// <summary>A field of an app or a user is in the form, in both languages' texts, in the schema and in the docs.</summary>
public sealed partial class FieldRules
{
    private static readonly string[] AppForms = ["Apps/Pages/AppDialog.razor", "Apps/Pages/AppLifecycleFields.razor"];
    private static readonly string[] UserForms = ["Users/UserDialog.razor"];
    private static readonly string[] Languages = ["AdminText.resx", "AdminText.ko.resx"];

    [Fact]
    public void Every_field_of_an_app_has_its_form_its_texts_and_its_row_in_the_docs() =>
        Missing(Fields(typeof(AppEntry)), Lines(AppForms), Texts(), Rows("apps.md")).Should().BeEmpty();

    [Fact]
    public void Every_field_of_a_user_has_its_form_its_texts_and_its_row_in_the_docs() =>
        Missing(Fields(typeof(UserEntry)), Lines(UserForms), Texts(), Rows("access.md")).Should().BeEmpty();

    [Fact]
    public void A_field_that_is_forgotten_is_found()
    {
        string[] form = ["""@Number("Size", "size", Entry.Size, value => Entry with { Size = value })""", """<MudCheckBox Label="@T["Wide"]" ValueChanged="@(value => ChangeAsync("ranges", Entry with { AllowWide = value }))" />"""];
        HashSet<string>[] texts = [["Size", "Member_size", "Wide", "Member_allowWide"], ["Size", "Wide", "Member_allowWide"]];
        Missing([("size", "Size", true), ("allowWide", "AllowWide", true), ("colour", "Colour", false)], form, texts, ["size", "allowWide"]).Should().Equal(
            "size: AdminText.ko.resx has no Member_size",
            "colour: no control in the form",
            "colour: AdminText.resx has no Member_colour",
            "colour: AdminText.ko.resx has no Member_colour",
            "colour: no row in the docs",
            "colour: no [Description] for the schema");
    }

    private static IEnumerable<string> Missing(IEnumerable<(string Field, string Property, bool IsDescribed)> fields, string[] form, HashSet<string>[] texts, string[] rows)
    {
        foreach (var (field, property, isDescribed) in fields)
        {
            var label = form.Where(line => Regex.IsMatch(line, $@"""{field}""|with {{ {property} =")).Select(line => Label().Match(line)).FirstOrDefault(match => match.Success)?.Groups[1].Value;
            if (label is null)
            {
                yield return $"{field}: no control in the form";
            }

            foreach (var (language, known) in Languages.Zip(texts))
            {
                foreach (var key in new[] { label, $"Member_{field}" }.OfType<string>().Where(key => !known.Contains(key)))
                {
                    yield return $"{field}: {language} has no {key}";
                }
            }

            if (!rows.Contains(field))
            {
                yield return $"{field}: no row in the docs";
            }

            if (!isDescribed)
            {
                yield return $"{field}: no [Description] for the schema";
            }
        }
    }

    private static IEnumerable<(string, string, bool)> Fields(Type entry) =>
        from property in EntryJson.Options.GetTypeInfo(entry).Properties
        let member = (PropertyInfo)property.AttributeProvider!
        select (property.Name, member.Name, member.IsDefined(typeof(DescriptionAttribute)));

    private static string[] Lines(string[] forms) => [.. forms.SelectMany(form => File.ReadLines(Path.Combine(Sources.Root, "StreamHub.Server", form)))];

    private static HashSet<string>[] Texts() =>
        [.. Languages.Select(file => XDocument.Load(Path.Combine(Sources.Root, "StreamHub.Server", "Resources", file)).Root!.Elements("data").Select(data => data.Attribute("name")!.Value).ToHashSet(StringComparer.Ordinal))];

    private static string[] Rows(string file) => [.. File.ReadLines(Path.Combine(Sources.Root, "docs", file)).Select(line => Row().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("""(?:Label="@T\["|@(?:Text|Number|Choice)\(")(\w+)"|label: T\["(\w+)""")]
    private static partial Regex Label();

    [GeneratedRegex(@"^\| `(\w+)` \|")]
    private static partial Regex Row();
}
