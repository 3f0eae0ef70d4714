"""Every scenario. Importing this registers them."""
from . import matrix  # noqa: F401
