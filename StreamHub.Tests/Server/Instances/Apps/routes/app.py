import streamlit as st
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Mount, Route, WebSocketRoute


async def orders(request):
    body = (await request.body()).decode()
    return JSONResponse({"url": str(request.url_for("orders")), "body": body})


async def live(socket):
    await socket.accept()
    await socket.send_text("live")
    await socket.close()


inner = Starlette(routes=[Route("/deep", lambda request: PlainTextResponse("deep"))])
app = st.App("page.py", routes=[Route("/api/orders", orders, methods=["GET", "POST"], name="orders"), Mount("/inner", inner), WebSocketRoute("/live", live)])
