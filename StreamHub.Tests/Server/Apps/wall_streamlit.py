"""The same within a Streamlit run: DATA PROGRAM HUB RESULT."""

import json
import os
import sys

import streamlit as st

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import wall_attempts

data, program, hub, result = sys.argv[1:]
found = wall_attempts.everything(data, program, int(hub), __file__)
with open(result + ".tmp", "w") as file:
    json.dump(found, file)
os.rename(result + ".tmp", result)
st.write("done")
