import streamlit as st

st.write("a page beside routes")
