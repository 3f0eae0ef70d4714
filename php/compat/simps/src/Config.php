<?php
declare(strict_types=1);

namespace Simps;

/** The files in the folder CONFIG_PATH, each read once. */
class Config
{
    private static ?self $instance = null;
    /** @var array<string, mixed> */
    private static array $config = [];

    private function __construct()
    {
    }

    /** @return self */
    public static function getInstance()
    {
        return self::$instance ??= new self();
    }

    /**
     * @param string $keys    the file's name without .php, then keys of the arrays in it, joined by dots
     * @param mixed  $default what is returned when a key is missing
     * @return mixed null when there is no such file
     */
    public function get($keys, $default = null)
    {
        $keys = explode('.', strtolower($keys));
        $file = array_shift($keys);
        if (empty(self::$config[$file])) {
            $path = rtrim(CONFIG_PATH, '/') . "/$file.php";
            if (!is_file($path)) {
                return null;
            }
            self::$config[$file] = include $path;
        }
        $value = self::$config[$file];
        foreach ($keys as $key) {
            if (!is_array($value) || !isset($value[$key])) {
                return $default;
            }
            $value = $value[$key];
        }
        return $value;
    }
}
