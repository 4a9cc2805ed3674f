"""What an app can bring along beside its script: pages, media, static files, a component of its own."""

import io
import pathlib
import wave

import streamlit as st
import streamlit.components.v1 as components

here = pathlib.Path(__file__).parent
dial = components.declare_component("dial", path=str(here / "dial"))

sound = io.BytesIO()
with wave.open(sound, "wb") as file:
    file.setnchannels(1)
    file.setsampwidth(2)
    file.setframerate(8000)
    file.writeframes(bytes(160_000))

st.title("Tour")
st.audio(sound.getvalue(), format="audio/wav")
st.write(f"Dial is {dial(default=0)}")
