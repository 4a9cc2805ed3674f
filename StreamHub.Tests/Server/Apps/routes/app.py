import streamlit as st
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Mount, Route, WebSocketRoute


async def orders(request):
    body = (await request.body()).decode()
    return JSONResponse({"url": str(request.url_for("orders")), "body": body})


async def live(socket):
    await socket.accept()
    await socket.send_text("live")
    await socket.close()


async def method(request):
    return PlainTextResponse(request.method)


async def count(request):
    async def numbers():
        for number in range(3):
            yield f"data: {number}\n\n"

    return StreamingResponse(numbers(), media_type="text/event-stream")


inner = Starlette(routes=[Route("/deep", lambda request: PlainTextResponse("deep"))])
app = st.App(
    "page.py",
    routes=[
        Route("/api/orders", orders, methods=["GET", "POST"], name="orders"),
        Route("/method/", method, methods=["PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"]),
        Route("/count", count),
        Mount("/inner", inner),
        WebSocketRoute("/live", live),
    ],
)
