"""`make bench`: what the bot costs, each figure beside what it is compared with.

Machines differ and are shared, so nothing here is a test: figures are ratios and counts of round trips of
one run, printed as a table and written as JSON.
"""
