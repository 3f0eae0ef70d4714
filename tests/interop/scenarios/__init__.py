"""Every scenario. Importing this registers them."""
from . import matrix, paho_codec, php_failure, php_fpm, php_process, php_resume, php_server  # noqa: F401
