dnl The extension is written in Rust: there is no C here to compile. configure finds cargo and the PHP to build for;
dnl make runs cargo and puts the library where `make install` expects it.

PHP_ARG_ENABLE([mqtt], [whether to build the mqtt extension],
  [AS_HELP_STRING([--disable-mqtt], [Do not build the mqtt extension])], [yes])

PHP_ARG_WITH([cargo], [for cargo],
  [AS_HELP_STRING([[--with-cargo=PATH]], [The cargo to build with (default: the one in PATH)])], [no], [no])

PHP_ARG_ENABLE([mqtt-offline], [whether cargo may use the network],
  [AS_HELP_STRING([--enable-mqtt-offline], [Build from vendored or cached crates only])], [no], [no])

if test "$PHP_MQTT" != "no"; then
  if test "$PHP_CARGO" != "no" && test "$PHP_CARGO" != "yes"; then
    CARGO=$PHP_CARGO
  else
    AC_PATH_PROG([CARGO], [cargo], [], [$PATH:$HOME/.cargo/bin:/usr/local/cargo/bin])
  fi
  if test -z "$CARGO" || ! "$CARGO" --version >/dev/null 2>&1; then
    AC_MSG_ERROR([cargo was not found. Install a Rust toolchain (https://rustup.rs), or name it: --with-cargo=PATH])
  fi

  dnl The build script wants an absolute path.
  MQTT_PHP_CONFIG=`command -v $PHP_CONFIG`
  AC_MSG_CHECKING([for libclang, which reads the PHP headers])
  mqtt_libclang=no
  for mqtt_dir in "$LIBCLANG_PATH" /usr/lib/llvm-*/lib /usr/lib/*-linux-gnu /usr/lib64 /usr/lib /usr/local/lib /opt/homebrew/opt/llvm/lib /usr/local/opt/llvm/lib /Library/Developer/CommandLineTools/usr/lib; do
    for mqtt_file in "$mqtt_dir"/libclang.so* "$mqtt_dir"/libclang-*.so* "$mqtt_dir"/libclang.dylib; do
      if test -f "$mqtt_file"; then mqtt_libclang=$mqtt_file; break 2; fi
    done
  done
  AC_MSG_RESULT([$mqtt_libclang])
  if test "$mqtt_libclang" = "no"; then
    AC_MSG_WARN([libclang was not found. If the build fails, install it (Debian: apt-get install clang) or set LIBCLANG_PATH])
  fi

  MQTT_CARGO_FLAGS="--release --locked"
  if test "$PHP_MQTT_OFFLINE" != "no"; then
    MQTT_CARGO_FLAGS="$MQTT_CARGO_FLAGS --offline"
  fi

  PHP_MODULES="$PHP_MODULES \$(phplibdir)/mqtt.so"
  PHP_ADD_BUILD_DIR([modules])
  PHP_SUBST([CARGO])
  PHP_SUBST([MQTT_CARGO_FLAGS])
  PHP_SUBST([MQTT_PHP_CONFIG])
  dnl The folders are named because PHP_NEW_EXTENSION, which would set them, is not called.
  abs_srcdir=`(cd "$srcdir" && pwd)`
  abs_builddir=`pwd`
  PHP_ADD_MAKEFILE_FRAGMENT([$abs_srcdir/Makefile.frag], [$abs_srcdir], [$abs_builddir])
fi
