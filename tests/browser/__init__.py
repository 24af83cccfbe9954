"""The demo as its visitor sees it: headless Chromium in front of the chat page."""
