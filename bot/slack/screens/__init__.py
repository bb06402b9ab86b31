"""What people see in Slack: one pure file per modal, card, message and home. Values in, plain dicts out."""
