namespace StreamHub.Server.Resources;

/// <summary>Names the texts of the demo app.</summary>
public sealed class DemoText;
