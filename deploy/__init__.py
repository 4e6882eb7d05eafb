"""Replicas behind a proxy: how the app is served to many."""
