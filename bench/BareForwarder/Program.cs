using System.Globalization;
using System.Net;
using Yarp.ReverseProxy.Forwarder;

// The peer of the hub's proxy: YARP's forwarder with nothing around it. Arguments: own port, target origin.

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Error);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, int.Parse(args[0], CultureInfo.InvariantCulture)));
builder.Services.AddHttpForwarder();
var app = builder.Build();
using var client = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null });
var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
app.Map("/{**rest}", async context => await forwarder.SendAsync(context, args[1], client));
await app.RunAsync();
