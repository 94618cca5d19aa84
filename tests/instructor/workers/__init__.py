"""Grading many submissions at once: in processes of this machine, or on a cluster's.

task.py is what is done with one; local.py and cluster.py have it done, and both give back the same.
"""
