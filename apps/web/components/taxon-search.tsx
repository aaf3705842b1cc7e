import type { Taxon } from '../../../libs/api-types/index.js';
import './taxon-search.css';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { withQuery } from '../api/client.js';
import { useAnswer } from '../api/query.js';

import { Icon } from './icon.js';
import { Latin, nameOf } from './names.js';

interface Props {
  readonly label: string;
  readonly onChoose: (taxon: Taxon) => void;
  /** Shown while nothing is typed: what was chosen before */
  readonly value?: string | undefined;
  readonly isOpen?: boolean;
  readonly hasFocus?: boolean;
  /** An entry for a text that no known kind has as its name */
  readonly otherwise?: (text: string) => { readonly shown: string; readonly taxon: Taxon } | undefined;
  readonly nothing: string;
}
const SHOWN = 12;

/** Finds a kind by its common or Latin name, in either language: the list opens while somebody types. */
export function TaxonSearch({
  label,
  onChoose,
  value = '',
  isOpen = false,
  hasFocus = isOpen,
  otherwise,
  nothing,
}: Props) {
  const id = useId();
  const [text, setText] = useState<string>();
  const [index, setIndex] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (hasFocus) field.current?.focus();
  }, [hasFocus]);
  const isListed = isOpen || text !== undefined;
  const { data } = useAnswer<{ items: readonly Taxon[] }>(
    isListed ? withQuery('/taxa', { q: text?.trim() || undefined, limit: SHOWN }) : undefined,
  );
  const typed = text?.trim() ? otherwise?.(text.trim()) : undefined;
  const entries = [
    ...(data?.items ?? []).map((taxon) => ({ shown: undefined, taxon })),
    ...(typed ? [typed] : []),
  ];
  const choose = (at: number) => {
    const entry = entries[at];
    if (!entry) return;
    setText(undefined);
    onChoose(entry.taxon);
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setIndex(Math.min(Math.max(index + step, 0), entries.length - 1));
    else if (event.key === 'Enter') choose(index);
    else if (event.key === 'Escape' && text !== undefined && !isOpen) setText(undefined);
    else return;
    event.preventDefault();
  };
  return (
    <div class={isOpen ? 'taxa is-open' : 'taxa'}>
      <div class="search">
        <Icon name="search" />
        <input
          class="input"
          type="search"
          // biome-ignore lint/a11y/noRedundantRoles: a search field without a native list is none by itself
          role="combobox"
          list={undefined}
          aria-label={label}
          aria-expanded={isListed}
          aria-controls={id}
          aria-autocomplete="list"
          aria-activedescendant={isListed && entries[index] ? `${id}-${index}` : undefined}
          placeholder={label}
          value={text ?? value}
          ref={field}
          autoFocus={hasFocus}
          autoComplete="off"
          onInput={(event) => {
            setText(event.currentTarget.value);
            setIndex(0);
          }}
          onKeyDown={onKey}
          onBlur={() => setText(undefined)}
        />
      </div>
      {isListed && (
        <div class="options" id={id} role="listbox" aria-label={label}>
          {entries.map(({ shown, taxon }, at) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys go to the field
            // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus
            <div
              key={taxon.label ?? taxon.taxon}
              id={`${id}-${at}`}
              role="option"
              aria-selected={at === index}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(at)}
            >
              {shown ?? <TaxonName taxon={taxon} />}
            </div>
          ))}
          {data && entries.length === 0 && <p class="hint">{nothing}</p>}
        </div>
      )}
    </div>
  );
}

function TaxonName({ taxon }: { readonly taxon: Taxon }) {
  const { name, latin, isLatin } = nameOf(taxon);
  return (
    <>
      <span>{isLatin ? <Latin>{name}</Latin> : name}</span>
      {latin && <Latin>{latin}</Latin>}
    </>
  );
}
