"""Documents of a case: what they say, as a value with a hash, and the Word file that office people edit."""
