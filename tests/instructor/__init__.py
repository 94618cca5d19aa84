"""What an instructor needs and a student must not see: solutions, and wrong answers to try."""
