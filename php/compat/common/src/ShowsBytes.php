<?php
declare(strict_types=1);

namespace Mqtt\Compat;

/**
 * Bytes shown for people, 16 on a line.
 */
trait ShowsBytes
{
    private string $encode = '';

    /**
     * @param string $encode the bytes
     */
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

    /** Offset and bytes in hexadecimal. */
    public function hexDump(): string
    {
        return $this->lines(static fn (string $line): string => self::hexadecimal($line));
    }

    /** Offset, bytes in hexadecimal and as characters. */
    public function hexDumpAscii(): string
    {
        return $this->lines(static fn (string $line): string => self::hexadecimal($line) . '   ' . self::characters($line));
    }

    /** Offset and characters. */
    public function ascii(): string
    {
        return $this->lines(static fn (string $line): string => self::characters($line));
    }

    /** The bytes as they are. */
    public function printableText(): string
    {
        return $this->encode;
    }

    /** All bytes in hexadecimal. */
    public function hexStream(): string
    {
        return bin2hex($this->encode);
    }

    /**
     * Each full line ends with a line break, the last one too.
     *
     * @param callable(string): string $show
     */
    private function lines(callable $show): string
    {
        $text = '';
        foreach ($this->encode === '' ? [] : str_split($this->encode, 16) as $number => $line) {
            $text .= sprintf('%08x    ', 16 * $number) . $show($line) . (strlen($line) === 16 ? "\n" : '');
        }

        return $text;
    }

    private static function hexadecimal(string $line): string
    {
        return str_pad(implode('', array_map(static fn (string $byte): string => bin2hex($byte) . ' ', str_split($line))), 48);
    }

    private static function characters(string $line): string
    {
        return (string) preg_replace('~[^\x20-\x7f]~', '.', $line);
    }
}
