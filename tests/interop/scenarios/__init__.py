"""Every scenario. Importing this registers them."""
from . import matrix, php_failure, php_process, php_resume  # noqa: F401
