"""What the law asks: the Act on the Protection of Personal Information and the My Number Act, as values.

Pure: facts and times come in, duties and dates go out. Nothing here reads a clock, a file or Slack.
"""
