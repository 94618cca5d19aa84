"""What start.py does: make the environment, open the lessons, run the tests.

Read ``commands`` first, then ``environment``, ``install``, ``lab``, ``tests`` and ``browser``.
Standard library only: this runs before anything is installed.
"""
