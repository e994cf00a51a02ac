"""Programs whose stacks are known; each has ``work(n)``, a bounded piece of work, ``UNITS`` (an
``n`` that takes about a millisecond), and may have the constants that ``about.py`` reads."""
