from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/")
def home(request: Request):
    return {"docs": str(request.url_for("swagger_ui_html")), "user": request.headers["X-StreamHub-User"]}


@app.post("/orders")
def order(item: dict):
    return item
