<?php
declare(strict_types=1);

namespace PhpMqtt\Client;

/**
 * A topic filter with the callback for its messages.
 */
class Subscription
{
    /** The filter as a regular expression with a group for each wildcard; null for a filter that is one topic. */
    private ?string $pattern;
    /** The filter without $share/group/. */
    private string $filter;

    public function __construct(
        private string $topicFilter,
        private int $qualityOfService = 0,
        private ?\Closure $callback = null,
    ) {
        $this->filter  = preg_replace('~\A\$share/[^/]*/~', '', $topicFilter) ?? $topicFilter;
        $this->pattern = self::pattern($this->filter);
    }

    public function getTopicFilter(): string
    {
        return $this->topicFilter;
    }

    public function matchesTopic(string $topicName): bool
    {
        return $this->pattern === null ? $topicName === $this->filter : preg_match($this->pattern, $topicName) === 1;
    }

    /**
     * What the wildcards stand for in this topic, in their order. The # of "a/#" is empty for the topic "a".
     *
     * @return list<string>
     */
    public function getMatchedWildcards(string $topicName): array
    {
        if ($this->pattern === null || preg_match($this->pattern, $topicName, $matches, PREG_UNMATCHED_AS_NULL) !== 1) {
            return [];
        }

        return array_values(array_map(strval(...), array_slice($matches, 1)));
    }

    public function getCallback(): ?\Closure
    {
        return $this->callback;
    }

    public function getQualityOfServiceLevel(): int
    {
        return $this->qualityOfService;
    }

    public function setQualityOfServiceLevel(int $qualityOfService): void
    {
        $this->qualityOfService = $qualityOfService;
    }

    private static function pattern(string $filter): ?string
    {
        if (strpbrk($filter, '+#') === false) {
            return null;
        }
        $pattern = strtr(preg_quote($filter, '~'), ['\+' => '([^/]*)', '\#' => '(.*)']);
        // "a/#" matches "a" too (section 4.7.1.2).
        if (str_ends_with($pattern, '/(.*)')) {
            $pattern = substr($pattern, 0, -5) . '(?:/(.*))?';
        }

        return "~\\A$pattern\\z~s";
    }
}
