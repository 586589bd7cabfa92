"""The default platform: sells with no server."""
