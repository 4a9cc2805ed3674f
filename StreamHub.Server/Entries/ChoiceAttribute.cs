namespace StreamHub.Server.Entries;

/// <summary>Marks a text with the values of an enum: see <see cref="Spelling"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ChoiceAttribute(Type of) : Attribute
{
    public Type Of { get; } = of;
}
