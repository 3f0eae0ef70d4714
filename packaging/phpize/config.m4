dnl The extension is written in Rust: there is no C here to compile. configure finds cargo, libclang and the PHP to build
dnl for, and says what is missing; make runs cargo and puts the library where `make test` and `make install` expect it.

PHP_ARG_ENABLE([mqtt], [whether to build the mqtt extension],
  [AS_HELP_STRING([--disable-mqtt], [Do not build the mqtt extension])], [yes])

PHP_ARG_WITH([cargo], [for cargo],
  [AS_HELP_STRING([[--with-cargo=PATH]], [The cargo to build with (default: the one in PATH)])], [no], [no])

PHP_ARG_ENABLE([mqtt-offline], [whether cargo may use the network],
  [AS_HELP_STRING([--enable-mqtt-offline], [Build from vendored or cached crates only])], [no], [no])

if test "$PHP_MQTT" != "no"; then
  dnl The workspace is two folders up in the repository, and here in the package for pecl. The folders are named because
  dnl PHP_NEW_EXTENSION, which would set them, is not called.
  abs_srcdir=`(cd "$srcdir" && pwd)`
  abs_builddir=`pwd`
  if test -f "$abs_srcdir/Cargo.toml"; then
    MQTT_ROOT=$abs_srcdir MQTT_TESTS=$abs_srcdir/tests/phpt
  else
    MQTT_ROOT=`(cd "$abs_srcdir/../.." && pwd)` MQTT_TESTS=`(cd "$abs_srcdir/../.." && pwd)`/tests/phpt
  fi
  if test ! -f "$MQTT_ROOT/Cargo.lock"; then
    AC_MSG_ERROR([the Rust sources are not in $MQTT_ROOT. Build in the whole source tree, or from the package that script/package makes])
  fi

  if test "$PHP_CARGO" != "no" && test "$PHP_CARGO" != "yes"; then
    CARGO=$PHP_CARGO
  else
    AC_PATH_PROG([CARGO], [cargo], [], [$PATH:${CARGO_HOME:-$HOME/.cargo}/bin:/usr/local/cargo/bin])
  fi
  AC_MSG_CHECKING([for the version of cargo])
  mqtt_cargo_version=`"$CARGO" --version 2>/dev/null | sed -n 's/^cargo \([[0-9]][[0-9.]]*\).*/\1/p'`
  AC_MSG_RESULT([${mqtt_cargo_version:-none}])
  if test -z "$mqtt_cargo_version"; then
    AC_MSG_ERROR([cargo was not found. Install a Rust toolchain (https://rustup.rs), or name it: --with-cargo=PATH])
  fi
  mqtt_rust_version=`sed -n 's/^rust-version = "\([[0-9.]]*\)"/\1/p' "$MQTT_ROOT/Cargo.toml"`
  if ! printf '%s\n%s\n' "$mqtt_rust_version" "$mqtt_cargo_version" | sort -C -t . -k 1,1n -k 2,2n; then
    AC_MSG_ERROR([$CARGO is $mqtt_cargo_version, and Rust $mqtt_rust_version or later is needed. Install it (https://rustup.rs), or name another cargo: --with-cargo=PATH])
  fi

  dnl ext-php-rs reads PHP's headers with it while it is built. It looks in the same places and fails late and at length.
  AC_MSG_CHECKING([for libclang, which reads PHP's headers])
  mqtt_libclang=no
  mqtt_llvm_libdir=`"${LLVM_CONFIG_PATH:-llvm-config}" --libdir 2>/dev/null`
  if test -n "$LIBCLANG_PATH"; then
    mqtt_places=$LIBCLANG_PATH
  else
    mqtt_places="$mqtt_llvm_libdir /usr/lib/llvm-*/lib /usr/lib/*-linux-gnu* /usr/lib/llvm*/lib* /usr/lib64 /usr/lib /usr/local/lib /usr/local/llvm*/lib /opt/homebrew/opt/llvm/lib /usr/local/opt/llvm/lib /Library/Developer/CommandLineTools/usr/lib /Applications/Xcode.app/Contents/Developer/Toolchains/XcodeDefault.xctoolchain/usr/lib"
  fi
  for mqtt_dir in $mqtt_places; do
    for mqtt_file in "$mqtt_dir" "$mqtt_dir"/libclang.so* "$mqtt_dir"/libclang-*.so* "$mqtt_dir"/libclang.dylib; do
      if test -f "$mqtt_file"; then mqtt_libclang=$mqtt_file; break 2; fi
    done
  done
  AC_MSG_RESULT([$mqtt_libclang])
  if test "$mqtt_libclang" = "no"; then
    AC_MSG_ERROR([libclang was not found. Install it (Debian: apt-get install clang), or set LIBCLANG_PATH to the folder that holds libclang.so])
  fi

  dnl The build script wants an absolute path.
  MQTT_PHP_CONFIG=`command -v $PHP_CONFIG`
  MQTT_CARGO_FLAGS="--release --locked"
  if test "$PHP_MQTT_OFFLINE" != "no"; then
    MQTT_CARGO_FLAGS="$MQTT_CARGO_FLAGS --offline"
  fi

  dnl `make test` reads the name of the module out of a file in libtool's format.
  PHP_MODULES="$PHP_MODULES \$(phplibdir)/mqtt.la"
  PHP_ADD_BUILD_DIR([modules])
  PHP_SUBST([CARGO])
  PHP_SUBST([MQTT_CARGO_FLAGS])
  PHP_SUBST([MQTT_PHP_CONFIG])
  PHP_SUBST([MQTT_ROOT])
  PHP_SUBST([MQTT_TESTS])
  PHP_ADD_MAKEFILE_FRAGMENT([$abs_srcdir/Makefile.frag], [$abs_srcdir], [$abs_builddir])
fi
