from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import Route, WebSocketRoute


async def home(request):
    return PlainTextResponse("home " + str(request.url_for("other")))


async def other(request):
    return RedirectResponse(request.url_for("home"))


async def echo(socket):
    await socket.accept()
    await socket.send_text(await socket.receive_text())
    await socket.close()


app = Starlette(routes=[Route("/", home, name="home"), Route("/other", other, name="other"), WebSocketRoute("/echo", echo)])
