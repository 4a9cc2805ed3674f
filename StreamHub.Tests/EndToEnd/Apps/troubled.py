"""An app of the end-to-end tests that goes wrong in the way that it is asked for."""

import os
import time

import streamlit as st

st.title("Troubled")
if st.button("Abort"):
    os.abort()
if st.button("Grow"):
    taken = []
    while True:
        taken.append(bytearray(4 << 20))
        time.sleep(0.02)
if st.button("Hang"):
    # Of the whole process: no session finishes a script any more.
    os.environ["HANGS"] = "yes"
while "HANGS" in os.environ:
    time.sleep(0.1)
st.write("Well")
