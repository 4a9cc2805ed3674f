from dash import Dash, Input, Output, callback, dcc, html

app = Dash(__name__)
app.layout = html.Div([dcc.Input("kim", id="name"), html.Div(id="greeting")])


@callback(Output("greeting", "children"), Input("name", "value"))
def greet(name):
    return f"Hello {name}"


if __name__ == "__main__":
    app.run()
