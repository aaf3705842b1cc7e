import { signal } from '@preact/signals';
import { remembered } from '../shell/remembered.js';

export type Language = 'en' | 'de';

const stored = remembered<Language>('language', ['en', 'de']);
const ofBrowser = (): Language =>
  (globalThis.navigator?.languages ?? []).map((each) => each.slice(0, 2)).find(isLanguage) ?? 'en';
const isLanguage = (text: string): text is Language => text === 'en' || text === 'de';

export const language = signal<Language>(stored.get() ?? ofBrowser());
export const otherLanguage = (): Language => (language.value === 'de' ? 'en' : 'de');

export function switchLanguage(to: Language): void {
  language.value = to;
  stored.set(to);
}

// biome-ignore lint/suspicious/noExplicitAny: each text has parameters of its own, which `Words` keeps
type Text = string | ((...values: any[]) => string);
type Pairs = Readonly<Record<string, readonly [english: Text, german: Text]>>;
type Words<T extends Pairs> = {
  readonly [K in keyof T]: T[K][0] extends (...values: infer V) => string ? (...values: V) => string : string;
};

/**
 * A part of the table of texts: English first, German second. What it returns reads as texts in the language that is
 * shown, and a component that reads one is drawn again when the language changes.
 */
export function words<const T extends Pairs>(pairs: T): Words<T> {
  const table = {};
  for (const [name, [en, de]] of Object.entries(pairs))
    Object.defineProperty(table, name, { get: () => (language.value === 'de' ? de : en) });
  return table as Words<T>;
}
