"""The register as files that people and programs work on: exports that import back, and templates to fill in."""
