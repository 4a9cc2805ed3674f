using StreamHub.Server.Audit;

namespace StreamHub.Tests.Server.Admin;

public sealed class AuditChangeTests
{
    [Theory]
    [InlineData("""{"role":"user","name":"kim"}""", """{"role":"admin","name":"kim"}""", "role user -> admin")]
    [InlineData("""{"addresses":["a","b"]}""", """{"addresses":["b","c"]}""", "addresses a -> c")]
    [InlineData("""{"args":["a","b"]}""", """{"args":["b","a"]}""", "args a b -> b a")]
    [InlineData("""{"disabled":true}""", """{}""", "disabled true -> none")]
    [InlineData(null, """{"name":"홍길동","apps":[]}""", "name none -> 홍길동")]
    [InlineData("""{"x":{"a":1,"b":[2]}}""", null, "x a: 1 b: [2] -> none")]
    [InlineData("""{"env":["A"]}""", """{"env":["A"]}""", "")]
    [InlineData(null, "not JSON", " none -> not JSON")]
    [InlineData(null, "[1]", " none -> [1]")]
    [InlineData(null, null, "")]
    public void What_differs_is_told_item_by_item(string? before, string? after, string told) =>
        string.Join(", ", AuditChange.Between(before, after)).Should().Be(told);
}
