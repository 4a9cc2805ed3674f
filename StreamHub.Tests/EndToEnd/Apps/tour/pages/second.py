"""A second page."""

import streamlit as st

st.title("Second")
st.write(f"Query is {st.query_params.get('q')}")
