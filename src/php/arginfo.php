<?php
// Makes the arginfo headers from the stubs with the gen_stub.php that comes with the PHP headers.
// Run it after every change of a stub: php src/php/arginfo.php. It needs nikic/php-parser (Debian: php-nikic-php-parser).

const HEADERS = ['mqtt' => 'src/php/arginfo.h', 'mosquitto' => 'src/php/mosquitto/arginfo.h'];

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
$code = preg_replace('~throw new Exception\("Unexpected node \{\$stmt~', 'if (!$stmt instanceof Stmt\Use_) $0', file_get_contents($generator));
// Methods of Mosquitto have no return type, as in the original.
$code = str_replace('throw new Exception("Missing return type");', '$docReturnType = "null";', $code);
file_put_contents("$work/gen_stub.php", $code);
preg_match('/\$version = "([\d.]+)";/', file_get_contents($generator), $match);
mkdir("$work/PHP-Parser-$match[1]");
symlink($parser, "$work/PHP-Parser-$match[1]/lib");

$status = 0;
foreach (HEADERS as $name => $target) {
    $status = $status ?: generate($work, $root, $name, $target);
}
array_map('unlink', array_filter(glob("$work/*"), 'is_file'));
unlink("$work/PHP-Parser-$match[1]/lib");
rmdir("$work/PHP-Parser-$match[1]");
rmdir($work);
exit($status);

/** Writes the header of one stub; returns the status of the generator. */
function generate(string $work, string $root, string $name, string $target): int
{
    // What gen_stub.php cannot express is declared by shim.c and marked in the stub: constants that are enum cases.
    $stub = file_get_contents("$root/stubs/$name.stub.php");
    $plain = preg_replace('~^\h*/\*\*[^\n]*@mqtt-shim \*/\n[^\n]*\n~m', '', $stub);
    // It reads doc comments as types and knows only plain ones.
    $plain = preg_replace('~@(param|return(?! resource)|throws|var(?! (?:int|bool|string(?:\|null)?) \*/)|implements)\b~', '', $plain);
    file_put_contents("$work/$name.stub.php", $plain);
    passthru(PHP_BINARY . ' -d error_reporting=0 ' . escapeshellarg("$work/gen_stub.php") . ' -f ' . escapeshellarg("$work/$name.stub.php"), $status);
    if ($status !== 0) {
        return $status;
    }
    $header = file_get_contents("$work/{$name}_arginfo.h");
    $header = preg_replace('~/\* This is a generated file.*?\*/~s', "/* Made by arginfo.php from stubs/$name.stub.php. Do not edit. */", $header);
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
    file_put_contents("$root/$target", $header);
    return 0;
}
