"""Exercises that check themselves: a module for each chapter, named as its notebook is.

To add one, write an `Exercise` into the chapter's module: the task, the solution with `# solution`
behind the lines that are the learner's, a function that judges an answer, and hints. Then
`make exercises` writes the cells into the notebook, and `make run` their outputs. A test asks that
the solution passes and that what the learner gets says *not answered yet*; the wrong answers that
have to fail, each with its hint, stand in tests/exercises.
"""
