<?php
declare(strict_types=1);

// Prints the composer.json of an empty project that requires the packages in these archives: php project.php REPOSITORY ARCHIVE...
// What they stand in for is required by its own name too. Other people's packages cannot be had without a network: one empty package
// provides them all, so that only our own are looked at.

[, $repository] = $argv;
$require = $foreign = [];
foreach (glob("$repository/*.zip") as $archive) {
    $manifest = json_decode((string) file_get_contents("zip://$archive#composer.json"), true, flags: JSON_THROW_ON_ERROR);
    foreach (array_keys($manifest['require'] ?? []) as $name) {
        if (str_contains($name, '/') && !str_starts_with($name, 'mqtt/')) {
            $foreign[$name] = '*';
        }
    }
    if (in_array($archive, array_slice($argv, 2), true)) {
        $require += [$manifest['name'] => $manifest['version']] + ($manifest['replace'] ?? []);
    }
}
$require = array_map(static fn (string $constraint): string => $constraint === 'self.version' ? '*' : $constraint, $require);
$platform = ['php' => PHP_VERSION, 'ext-mqtt' => '0.1.0'];
echo json_encode([
    'repositories' => [
        ['type' => 'artifact', 'url' => $repository],
        ['type' => 'package', 'package' => ['name' => 'test/foreign', 'version' => '1.0.0', 'type' => 'metapackage', 'provide' => (object) $foreign]],
        ['packagist.org' => false],
    ],
    'require' => $require + ['test/foreign' => '1.0.0'],
    'config' => ['platform' => $platform],
], JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES), "\n";
