"""End to end: a real browser, a real JupyterLab, real kernels and the embedded PostgreSQL."""
