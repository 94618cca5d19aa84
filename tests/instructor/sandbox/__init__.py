"""Where a student's code runs: another process that can do little and is believed nothing.

command.py says what the process can see, client.py starts it, asks it and ends it; `inside/` is
what runs in it, beside the student's code. Everything in that process belongs to the student.
"""
