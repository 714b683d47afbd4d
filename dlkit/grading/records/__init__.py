"""What is written down: the journal, nbgrader's gradebook, and each from the other."""
