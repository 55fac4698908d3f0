"""Notices of meetings: who is told what, when it goes out, and what calendar programs are given."""
