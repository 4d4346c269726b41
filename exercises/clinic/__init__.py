"""The clinic: drills in which one line, or two, are at fault.

`mistakes.py` is the table, `drill.py` what a drill is, `stock.py` what they work on. To add one,
write a sound function, and one that judges a mend by what it does; `make exercises` writes the
notebooks. The mends that have to fail, and those that have to pass, stand in
tests/exercises/test_clinic.py.
"""
