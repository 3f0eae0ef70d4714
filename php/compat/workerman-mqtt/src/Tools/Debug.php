<?php
declare(strict_types=1);

namespace Workerman\Mqtt\Tools;

/** Bytes in forms that people read, 16 a line. */
class Debug
{
    private string $encode;

    public function __construct(string $encode = '')
    {
        $this->encode = $encode;
    }

    public function setEncode(string $encode): self
    {
        $this->encode = $encode;
        return $this;
    }

    public function getEncode(): string
    {
        return $this->encode;
    }

    /** Offset and hexadecimal bytes. */
    public function hexDump(): string
    {
        return $this->lines(static fn (string $line): string => sprintf('%-48s', self::hexadecimal($line)));
    }

    /** Offset, hexadecimal bytes, characters. */
    public function hexDumpAscii(): string
    {
        return $this->lines(static fn (string $line): string => sprintf('%-48s   %s', self::hexadecimal($line), self::characters($line)));
    }

    /** Offset and characters, a dot for what is not ASCII. */
    public function ascii(): string
    {
        return $this->lines(self::characters(...));
    }

    /** The bytes as they are. */
    public function printableText(): string
    {
        return $this->encode;
    }

    /** Hexadecimal without spaces. */
    public function hexStream(): string
    {
        return bin2hex($this->encode);
    }

    /** A line break stands behind full lines only. */
    private function lines(callable $show): string
    {
        $text = '';
        foreach ($this->encode === '' ? [] : str_split($this->encode, 16) as $index => $line) {
            $text .= sprintf('%08x    ', $index * 16) . $show($line) . (strlen($line) === 16 ? PHP_EOL : '');
        }
        return $text;
    }

    private static function hexadecimal(string $bytes): string
    {
        return chunk_split(bin2hex($bytes), 2, ' ');
    }

    private static function characters(string $bytes): string
    {
        return (string) preg_replace('/[^\x20-\x7F]/', '.', $bytes);
    }
}
