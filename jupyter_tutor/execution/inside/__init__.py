"""What runs inside the kernel's own process: warden, kernel, workbench, encoder.

May import: the standard library, ipykernel and IPython, and each other (by relative imports only).
Must not import: anything else of jupyter_tutor; no expected value and no secret may come here.
"""
