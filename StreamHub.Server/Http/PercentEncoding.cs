using System.Text;

namespace StreamHub.Server.Http;

/// <summary>Percent-encoding (RFC 3986, 2.1).</summary>
internal static class PercentEncoding
{
    /// <summary>Reads the byte that begins with a percent sign.</summary>
    public static bool TryRead(string text, int percent, out byte value)
    {
        value = 0;
        if (percent + 2 >= text.Length || !char.IsAsciiHexDigit(text[percent + 1]) || !char.IsAsciiHexDigit(text[percent + 2]))
        {
            return false;
        }

        value = Convert.ToByte(text.Substring(percent + 1, 2), 16);
        return true;
    }

    /// <summary>Decodes visible ASCII as lenient programs do: what is not percent-encoded or not UTF-8 stays or becomes U+FFFD.</summary>
    public static string Decode(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && TryRead(text, i, out var value))
            {
                bytes.Add(value);
                i += 2;
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(text, i, 1));
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
