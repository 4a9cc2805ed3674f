"""What an app can bring along beside its script: pages, media, static files, a component of its own, a login elsewhere."""

import io
import os
import pathlib
import wave

import streamlit as st
import streamlit.components.v1 as components
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx

try:
    from streamlit.components.v2 import component
except ImportError:
    component = None  # Before 1.51.

TWIST = "export default ({ parentElement, setStateValue }) => { parentElement.querySelector('button').onclick = () => setStateValue('turned', 7); }"

here = pathlib.Path(__file__).parent
dial = components.declare_component("dial", path=str(here / "dial"))

sound = io.BytesIO()
with wave.open(sound, "wb") as file:
    file.setnchannels(1)
    file.setsampwidth(2)
    file.setframerate(8000)
    file.writeframes(bytes(160_000))

st.set_page_config(page_title="Tour of the house", page_icon="🧭")
st.title("Tour")
st.audio(sound.getvalue(), format="audio/wav")
st.write(f"Dial is {dial(default=0)}")
st.write(f"Code is {st.query_params.get('code')}")
st.write(f"Address is {getattr(st.context, 'url', None)}")
client = [getattr(st.context, name, None) for name in ("locale", "timezone", "timezone_offset", "is_embedded")]
st.write(f"Client is {client} {getattr(getattr(st.context, 'theme', None), 'type', None)} {dict(st.context.cookies).keys() - {'_streamlit_xsrf'}}")
if st.button("Count"):
    st.session_state.count = st.session_state.get("count", 0) + 1
st.write(f"Count is {st.session_state.get('count', 0)}")
if component:
    knob = component("knob", html="<button>Twist</button>", js=TWIST)(key="knob", on_turned_change=lambda: None)
    st.write(f"Knob is {knob.turned}")
st.download_button("Take it", "a note", "note.txt")
if note := st.file_uploader("Note"):
    st.write(f"It says {note.read().decode()}")
if "auth_redirect" in ForwardMsg.DESCRIPTOR.fields_by_name and st.button("Log in"):
    # As st.login() does.
    message = ForwardMsg()
    message.auth_redirect.url = os.environ["LOGIN"]
    get_script_run_ctx().enqueue(message)
