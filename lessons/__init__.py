"""The lessons, and in `checks` what they check answers with."""
