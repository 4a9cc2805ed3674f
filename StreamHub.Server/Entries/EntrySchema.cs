using System.ComponentModel;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace StreamHub.Server.Entries;

/// <summary>Generates the JSON Schema of the declarative file from the entry types, for completion and validation in editors.</summary>
internal static class EntrySchema
{
    public const string ContentType = "application/schema+json";

    public static string Text { get; } = Create().ToJsonString(EntryJson.Options) + "\n";

    private static JsonObject Create()
    {
        var schema = EntryJson.Options.GetJsonSchemaAsNode(
            typeof(HubFile), new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Describe }).AsObject();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "StreamHub: users and apps");
        return schema;
    }

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode node)
    {
        if (node is not JsonObject schema || context.PropertyInfo?.AttributeProvider is not { } member)
        {
            return node;
        }

        if (Attribute<ChoiceAttribute>(member) is { } choice)
        {
            var words = Spelling.All(choice.Of).Select(word => (JsonNode?)word);
            schema["enum"] = new JsonArray([.. context.PropertyInfo.IsSetNullable ? words.Append(null) : words]);
        }

        if (Attribute<DescriptionAttribute>(member) is { } description)
        {
            schema.Insert(0, "description", description.Description);
        }

        return schema;
    }

    private static T? Attribute<T>(System.Reflection.ICustomAttributeProvider member)
        where T : Attribute => member.GetCustomAttributes(typeof(T), inherit: true).OfType<T>().FirstOrDefault();
}
