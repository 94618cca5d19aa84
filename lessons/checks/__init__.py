"""The exercises of the lessons: a module per lesson, a function per exercise.

A lesson says `from lessons.checks import lesson_01 as check`, and then `check.derivation(factors)`.
Nothing here holds an answer: what is true is computed by the engine, as it is asked for.
"""
