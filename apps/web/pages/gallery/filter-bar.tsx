import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { Taxon } from '../../../../libs/api-types/index.js';

import type { Traps } from '../../api/traps.js';
import { Choice } from '../../components/choice.js';
import { Dialog } from '../../components/dialog.js';
import { Field, textOf } from '../../components/form.js';
import { Icon } from '../../components/icon.js';
import { nameOf } from '../../components/names.js';
import { TaxonSearch } from '../../components/taxon-search.js';
import { TrapChoice } from '../../components/trap-choice.js';
import { addDays, dayOf, days, day as dayText, percent } from '../../texts/format.js';
import { galleryWords as t } from '../../texts/gallery.js';
import { reviewWords } from '../../texts/review.js';
import { groupName } from '../../texts/shell.js';
import { type GalleryQuery, galleryLink } from './filter.js';

interface Props {
  readonly query: GalleryQuery;
  readonly traps: Traps;
  readonly zone: string;
}
const SHARES = [50, 70, 80, 90, 95];

/** All that narrows the gallery, or what is downloaded; each of them changes the address. */
export function FilterBar({ query, traps, zone }: Props) {
  const { path, route } = useLocation();
  const change = (values: GalleryQuery) => route(galleryLink(query, values, path), true);
  // What is set stands first: on a phone, the end of the bar is out of sight.
  const isPeriod = Boolean(query['from'] ?? query['to']);
  const dayFilter = <DayFilter key="days" query={query} zone={zone} onChange={change} />;
  return (
    <search class="filters" aria-label={t.filters}>
      {query['attention'] && <Removable shown={t.needsCall} onRemove={() => change({ attention: '' })} />}
      {query['episode'] && <Removable shown={t.ofEpisode} onRemove={() => change({ episode: '' })} />}
      {query['group'] && (
        <Removable shown={groupName(query['group'])} onRemove={() => change({ group: '' })} />
      )}
      {isPeriod && dayFilter}
      <KindFilter query={query} onChange={change} />
      <TrapChoice traps={traps} trap={query['trap']} isChip onChange={(trap) => change({ trap })} />
      {!isPeriod && dayFilter}
      <Toggle
        isOn={!query['all']}
        shown={t.insectsOnly}
        onChange={(isOn) => change({ all: isOn ? '' : 'true' })}
      />
      <Toggle
        isOn={Boolean(query['unsure'])}
        shown={t.uncertain}
        onChange={(isOn) => change({ unsure: isOn ? 'true' : '' })}
      />
      <Toggle
        isOn={Boolean(query['unreviewed'])}
        shown={t.notReviewed}
        onChange={(isOn) => change({ unreviewed: isOn ? 'true' : '' })}
      />
      <Choice
        label={t.atLeast}
        isChip
        value={query['min'] ?? ''}
        options={[
          ['', t.fromPercent(percent(0))],
          ...SHARES.map((share) => [String(share), t.fromPercent(percent(share / 100))] as const),
        ]}
        onChange={(min) => change({ min })}
      />
    </search>
  );
}

interface FilterProps {
  readonly query: GalleryQuery;
  readonly onChange: (values: GalleryQuery) => void;
}

function KindFilter({ query, onChange }: FilterProps) {
  const { label, taxon } = query;
  if (label || taxon)
    return (
      <Removable shown={nameOf({ label, taxon }).name} onRemove={() => onChange({ label: '', taxon: '' })} />
    );
  return (
    <TaxonSearch
      label={t.kind}
      nothing={reviewWords.nothingFound}
      hasFocus={'search' in query}
      onChoose={(chosen: Taxon) =>
        onChange(chosen.active ? { label: chosen.label } : { taxon: chosen.taxon ?? chosen.label })
      }
    />
  );
}

function DayFilter({ query: { from, to }, zone, onChange }: FilterProps & { readonly zone: string }) {
  const [isOpen, open] = useState(false);
  const today = dayOf(new Date(), zone);
  const shown =
    from && to
      ? from === to
        ? dayText(from, 'short')
        : days(from, to)
      : from
        ? `${t.from} ${dayText(from, 'short')}`
        : to && `${t.to} ${dayText(to, 'short')}`;
  const choose = (first: string, last: string) => {
    open(false);
    onChange({ from: first, to: last });
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const values = new FormData(event.currentTarget as HTMLFormElement);
    const [first, last] = [textOf(values, 'from'), textOf(values, 'to')];
    // Whichever way round the days were given.
    if (first && last && first > last) choose(last, first);
    else choose(first, last);
  };
  return (
    <>
      {shown ? (
        <Removable shown={shown} onRemove={() => onChange({ from: '', to: '' })} />
      ) : (
        <button class="chip" type="button" aria-haspopup="dialog" onClick={() => open(true)}>
          {t.anyDay}
          <Icon name="down" />
        </button>
      )}
      {isOpen && (
        <Dialog title={t.days} onClose={() => open(false)}>
          <div class="stack">
            <div class="btns">
              {(
                [
                  [t.today, today],
                  [t.lastWeek, addDays(today, -6)],
                  [t.lastMonth, addDays(today, -29)],
                  [t.thisYear, `${today.slice(0, 4)}-01-01`],
                ] as const
              ).map(([text, first]) => (
                <button key={text} class="btn" type="button" onClick={() => choose(first, today)}>
                  {text}
                </button>
              ))}
            </div>
            <form class="days-form" onSubmit={submit}>
              <Field id="from" label={t.from} type="date" value={from ?? ''} />
              <Field id="to" label={t.to} type="date" value={to ?? ''} />
              <button class="btn main" type="submit">
                {t.show}
              </button>
            </form>
          </div>
        </Dialog>
      )}
    </>
  );
}

interface ToggleProps {
  readonly isOn: boolean;
  readonly shown: string;
  readonly onChange: (isOn: boolean) => void;
}

const Toggle = ({ isOn, shown, onChange }: ToggleProps) => (
  <button class="chip" type="button" aria-pressed={isOn} onClick={() => onChange(!isOn)}>
    {isOn && <Icon name="check" />}
    {shown}
  </button>
);

const Removable = ({ shown, onRemove }: { readonly shown: string; readonly onRemove: () => void }) => (
  <button class="chip" type="button" aria-pressed="true" aria-label={t.remove(shown)} onClick={onRemove}>
    {shown}
    <Icon name="close" />
  </button>
);
