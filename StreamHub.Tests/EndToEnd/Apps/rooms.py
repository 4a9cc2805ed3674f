"""Pages by st.navigation."""

import streamlit as st


def hall():
    st.title("Hall")
    if st.button("Up"):
        st.switch_page(upper)


def attic():
    st.title("Attic")
    if st.button("Ask"):
        st.query_params["q"] = "5"
    st.write(f"Query is {st.query_params.get('q')}")


lower = st.Page(hall, title="Down in the hall", icon="\N{HOUSE BUILDING}", default=True)
upper = st.Page(attic, title="Up in the attic", icon=":material/roofing:", url_path="attic")
st.navigation({"House": [lower, upper]}).run()
