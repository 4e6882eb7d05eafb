"""The Streamlit side, shared by the pages."""
