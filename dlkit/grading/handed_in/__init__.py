"""What students hand in: finding it, reading it whatever its state, and laying it beside what was handed out."""
