"""The app of the end-to-end tests: everything that a visitor does with a Streamlit page."""

import streamlit as st

st.set_page_config(page_title="Sales report")
st.title("Sales")
st.session_state.setdefault("count", 0)
if st.button("Add one"):
    st.session_state.count += 1
st.write(f"Count is {st.session_state.count}")
level = st.slider("Level", 0, 100, 5)
st.write(f"Level is {level}")
st.write(f"User is {st.user.get('name')}")
st.write(f"Query is {st.query_params.get('q')}")
file = st.file_uploader("File")
if file:
    st.write(f"Received {file.size} bytes")
st.download_button("Download report", b"0123456789" * 1000, "report.bin")
if st.button("Compute"):
    sum(n * n for n in range(30_000_000))
    st.write("Computed")
