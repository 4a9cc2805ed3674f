namespace StreamHub.Server.Entries;

/// <summary>Marks a text that is one of the words of an enum: see <see cref="Spelling"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ChoiceAttribute(Type of) : Attribute
{
    public Type Of { get; } = of;
}
