"""Commands for those who keep the course: run, stamp, figures, mutations."""
