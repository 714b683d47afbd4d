"""What runs beside student code: the template, the shell, and a stand-in for :mod:`dlkit.checking`.

Nothing in here knows an expected answer. These modules may import the standard library, IPython, NumPy and the codec and
protocol of :mod:`dlkit.checking`, and nothing else of the course; the template loads them from a stage, a copy of the
package without exercises, judge and grading.
"""
