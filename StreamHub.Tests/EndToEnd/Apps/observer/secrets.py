"""Has the name of a module that Streamlit needs at its start."""

raise ImportError("A file beside the script shadows a module.")
