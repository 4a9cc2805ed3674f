"""A second page."""

import streamlit as st

st.set_page_config(page_title="Second floor", page_icon="🪜")
st.title("Second")
if st.button("Ask"):
    st.query_params["q"] = "5"
st.write(f"Query is {st.query_params.get('q')}")
st.html('<a href="second?q=9" target="_self">relative</a> <a href="/second?q=8" target="_self">from the root</a> <a href="#cellar" target="_self">down</a>')
st.header("Cellar", anchor="cellar")
