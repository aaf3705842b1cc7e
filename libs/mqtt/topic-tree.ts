interface Level<T> {
  readonly next: Map<string, Level<T>>;
  value?: T;
}

const newLevel = <T>(): Level<T> => ({ next: new Map() });

/**
 * Values under MQTT topic filters, found by topic in the number of levels, however many filters there are.
 *
 * Where several filters match, the most specific one is found: a literal level before `+`, `+` before `#`,
 * compared from the left. Wildcards at the first level do not match topics that begin with `$` [MQTT-4.7.2-1].
 */
export class TopicTree<T> {
  readonly #root = newLevel<T>();

  /** @throws Error if the filter is malformed, or already present */
  add(filter: string, value: T): void {
    const words = filter.split('/');
    let level = this.#root;
    words.forEach((word, i) => {
      const wild = word.includes('+') || word.includes('#');
      if (filter === '' || (wild && word.length > 1) || (word === '#' && i < words.length - 1)) {
        throw new Error(`not a topic filter: ${filter}`);
      }
      const next = level.next.get(word) ?? newLevel<T>();
      level.next.set(word, next);
      level = next;
    });
    if (level.value !== undefined) throw new Error(`topic filter used twice: ${filter}`);
    level.value = value;
  }

  find(topic: string): T | undefined {
    return find(this.#root, topic.split('/'), 0, topic.startsWith('$'));
  }
}

function find<T>(level: Level<T>, words: readonly string[], at: number, isSystem: boolean): T | undefined {
  const wildcards = at > 0 || !isSystem;
  const rest = wildcards ? level.next.get('#')?.value : undefined;
  const word = words[at];
  // `a/#` matches `a` as well [MQTT-4.7.1-2].
  if (word === undefined) return level.value ?? rest;
  const literal = level.next.get(word);
  const found = literal && find(literal, words, at + 1, isSystem);
  if (found !== undefined) return found;
  const any = wildcards ? level.next.get('+') : undefined;
  return (any && find(any, words, at + 1, isSystem)) ?? rest;
}
