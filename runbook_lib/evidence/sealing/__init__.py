"""Sealed evidence: bundles, the manifest and the statement that is signed, time stamps, and what verifying them shows.

Slow to import (it signs), so imported where it is needed.
"""
