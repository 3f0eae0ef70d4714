<?php
declare(strict_types=1);

// Writes the package.xml of the package for pecl to standard output: php package-xml.php FOLDER VERSION DATE
// FOLDER is what becomes the package: every file in it is listed, so that pecl unpacks it. Nothing but the module is
// installed of the sources (role "src"); pecl runs phpize, configure and make in the folder.

[, $folder, $version, $date] = $argv + [1 => '', 2 => '', 3 => ''];
is_dir($folder) && $version !== '' && $date !== '' || exit("usage: php package-xml.php FOLDER VERSION DATE\n");

$roles = ['README.md' => 'doc', 'LICENSE-MIT' => 'doc', 'LICENSE-APACHE' => 'doc', 'CHANGELOG.md' => 'doc', 'tests' => 'test', 'examples' => 'doc'];
$escape = static fn (string $text): string => htmlspecialchars($text, ENT_XML1 | ENT_QUOTES);

$names = [];
foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator($folder, FilesystemIterator::SKIP_DOTS)) as $file) {
    $names[] = substr($file->getPathname(), strlen($folder) + 1);
}
sort($names, SORT_STRING);
$contents = '';
foreach (array_diff($names, ['package.xml']) as $name) {
    $contents .= sprintf("   <file name=\"%s\" role=\"%s\"/>\n", $escape($name), $roles[strtok($name, '/')] ?? 'src');
}

// pecl asks for these at a terminal; -D with-cargo=PATH answers. The default is what configure does by itself.
$options = '';
foreach (['with-cargo' => ['The cargo to build with ("yes": the one in PATH)', 'yes'], 'enable-mqtt-offline' => ['Build from vendored or cached crates only', 'no']] as $name => [$prompt, $default]) {
    $options .= sprintf("  <configureoption name=\"%s\" prompt=\"%s\" default=\"%s\"/>\n", $name, $escape($prompt), $default);
}
$stability = str_starts_with($version, '0.') ? 'beta' : 'stable';

echo <<<XML
<?xml version="1.0" encoding="UTF-8"?>
<package packagerversion="1.10.13" version="2.0" xmlns="http://pear.php.net/dtd/package-2.0" xmlns:tasks="http://pear.php.net/dtd/tasks-1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://pear.php.net/dtd/tasks-1.0 http://pear.php.net/dtd/tasks-1.0.xsd http://pear.php.net/dtd/package-2.0 http://pear.php.net/dtd/package-2.0.xsd">
 <name>mqtt</name>
 <channel>pecl.php.net</channel>
 <summary>MQTT 3.1, 3.1.1 and 5.0: client, broker and codec, native</summary>
 <description>A background thread keeps the connection alive while the script computes, sleeps, or waits for its next request. Written in Rust: it needs cargo, PHP's headers and libclang to build.</description>
 <lead>
  <name>The mqtt authors</name>
  <user>mqtt</user>
  <email>mqtt@localhost</email>
  <active>yes</active>
 </lead>
 <date>$date</date>
 <version>
  <release>$version</release>
  <api>$version</api>
 </version>
 <stability>
  <release>$stability</release>
  <api>$stability</api>
 </stability>
 <license>MIT or Apache-2.0</license>
 <notes>See CHANGELOG.md.</notes>
 <contents>
  <dir name="/">
$contents  </dir>
 </contents>
 <dependencies>
  <required>
   <php>
    <min>8.1.0</min>
   </php>
   <pearinstaller>
    <min>1.10.0</min>
   </pearinstaller>
  </required>
 </dependencies>
 <providesextension>mqtt</providesextension>
 <extsrcrelease>
$options </extsrcrelease>
</package>

XML;
