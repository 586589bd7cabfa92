"""Stories that drive the real program and leave pictures, paper and a report."""
