"""Counts the sessions without a connection: ten for each one that was cut off, one for each one whose tab left."""

import streamlit as st
from streamlit.runtime import get_instance

st.button("Add one")
storage = get_instance()._session_mgr._session_storage
cut_off = len(storage.cut_off.list()) if hasattr(storage, "cut_off") else 0
st.write(f"Count is {len(storage.list()) + 9 * cut_off}")
st.write(f"{st.get_option('server.disconnectedSessionTTL')} s")
