"""The ways to notice that a sample is due, one module each; ``selection`` chooses among them."""
