"""Tests of the local workspace, through the real slack_sdk and slack_bolt."""
