"""Conversations: receive, answer, hand off, close; the transcript."""
