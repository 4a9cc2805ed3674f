import os

import streamlit as st

st.session_state["runs"] = st.session_state.get("runs", 0) + 1
knows = any("pairing" in name.lower() for name in [*os.environ, *st.context.headers])
st.write(f"run {st.session_state['runs']} for {st.user.get('name')}{' who knows' if knows else ''}.")
