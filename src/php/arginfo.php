<?php
// Makes arginfo.h from stubs/mqtt.stub.php with the gen_stub.php that comes with the PHP headers.
// Run it after every change of the stub: php src/php/arginfo.php. It needs nikic/php-parser (Debian: php-nikic-php-parser).

$root = dirname(__DIR__, 2);
$generator = trim(shell_exec('php-config --prefix')) . '/lib/php/' . trim(shell_exec('php-config --phpapi')) . '/build/gen_stub.php';
$parser = '/usr/share/php';
foreach (array_slice($argv, 1) as $argument) {
    [$name, $value] = explode('=', $argument, 2) + [1 => ''];
    match ($name) {
        '--generator' => $generator = $value,
        '--parser' => $parser = $value,
        default => exit("usage: php arginfo.php [--generator=gen_stub.php] [--parser=directory that holds PhpParser/]\n"),
    };
}

$work = sys_get_temp_dir() . '/mqtt-arginfo-' . getmypid();
mkdir($work);
// It resolves imported names and then stumbles over the import.
file_put_contents("$work/gen_stub.php", preg_replace('~throw new Exception\("Unexpected node \{\$stmt~', 'if (!$stmt instanceof Stmt\Use_) $0', file_get_contents($generator)));
preg_match('/\$version = "([\d.]+)";/', file_get_contents($generator), $match);
mkdir("$work/PHP-Parser-$match[1]");
symlink($parser, "$work/PHP-Parser-$match[1]/lib");

// What gen_stub.php cannot express is declared by shim.c and marked in the stub: constants that are enum cases.
$stub = file_get_contents("$root/stubs/mqtt.stub.php");
$plain = preg_replace('~^\h*/\*\*[^\n]*@mqtt-shim \*/\n[^\n]*\n~m', '', $stub);
// It reads doc comments as types and knows only plain ones.
$plain = preg_replace('~@(param|return(?! resource)|throws|var|implements)\b~', '', $plain);
file_put_contents("$work/mqtt.stub.php", $plain);
passthru(PHP_BINARY . ' -d error_reporting=0 ' . escapeshellarg("$work/gen_stub.php") . ' -f ' . escapeshellarg("$work/mqtt.stub.php"), $status);
if ($status === 0) {
    $header = file_get_contents("$work/mqtt_arginfo.h");
    $header = preg_replace('~/\* This is a generated file.*?\*/~s', "/* Made by arginfo.php from stubs/mqtt.stub.php. Do not edit. */", $header);
    // PHP 8.1 has no sensitive parameters.
    $header = preg_replace('~^\tzend_add_parameter_attribute.*$~m', "#if PHP_VERSION_ID >= 80200\n$0\n#endif", $header);
    // Class entries under the names that the functions use for them, and one function that registers all.
    preg_match_all('~^static zend_class_entry \*register_class_(\w+)\((.*)\)$~m', $header, $classes, PREG_SET_ORDER);
    $header .= "\n";
    foreach ($classes as [, $class]) {
        $header .= "zend_class_entry *class_entry_$class;\n";
    }
    $header .= "\nstatic void register_classes(void)\n{\n";
    foreach ($classes as [, $class, $parameters]) {
        $arguments = str_replace(['zend_class_entry *', 'void'], '', $parameters);
        $header .= "\tclass_entry_$class = register_class_$class($arguments);\n";
    }
    $header .= "}\n";
    file_put_contents("$root/src/php/arginfo.h", $header);
}
array_map('unlink', array_filter(glob("$work/*"), 'is_file'));
unlink("$work/PHP-Parser-$match[1]/lib");
rmdir("$work/PHP-Parser-$match[1]");
rmdir($work);
exit($status);
