namespace StreamHub.Server.Resources;

/// <summary>Names the texts of the demo app.</summary>
internal sealed class DemoText;
