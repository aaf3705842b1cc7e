import './verdict.css';
import { useState } from 'preact/hooks';
import type { Run, Taxon } from '../../../libs/api-types/index.js';
import { latest, refusalOf, review, undo } from '../api/reviews.js';
import { may, stationZone } from '../api/session.js';

import { useKeys } from '../shell/keys.js';
import { clock, date } from '../texts/format.js';
import { reviewWords as t } from '../texts/review.js';
import { shell } from '../texts/shell.js';
import { Dialog } from './dialog.js';
import { Problem } from './form.js';
import { Icon } from './icon.js';
import { nameOf, nameOfRun } from './names.js';
import { TaxonSearch } from './taxon-search.js';

/** What a person may say of a run, each as one call. */
export function verdictsOn(run: Run) {
  const said = run.modelObservation;
  return {
    agree: () =>
      said &&
      review(run, { verdict: 'agree', label: said.label }, { name: nameOf(said).name, insect: said.insect }),
    noInsect: () => review(run, { verdict: 'not-insect' }, { name: t.noInsect, insect: false }),
    cannotTell: () => review(run, { verdict: 'unsure' }, { name: t.cannotTell, insect: true }),
    rename: (taxon: Taxon) =>
      review(
        run,
        taxon.active
          ? { verdict: 'relabel', label: taxon.label }
          : { verdict: 'relabel', taxon: taxon.taxon ?? taxon.label, rank: taxon.rank, group: taxon.group },
        { name: nameOf(taxon).name, insect: taxon.insect },
      ),
    undo: () => undo(run),
  };
}

interface Props {
  readonly run: Run;
  /** Called when something was said. */
  readonly onDone?: () => void;
}

/** The verdict on a run: its buttons and keys, or what was said. Nothing for who may not review. */
export function Verdict({ run: given, onDone = () => {} }: Props) {
  const run = latest(given);
  const [isChanging, change] = useState(false);
  const [isNaming, setNaming] = useState(false);
  const verdicts = verdictsOn(run);
  const done = (act: () => unknown) => () => {
    change(false);
    void act();
    onDone();
  };
  useKeys(
    may('editor')
      ? [
          { key: 'a', does: t.agree, act: done(verdicts.agree) },
          { key: 'r', does: t.otherName, act: () => setNaming(true) },
          { key: 'x', does: t.noInsect, act: done(verdicts.noInsect) },
          { key: 'u', does: t.cannotTell, act: done(verdicts.cannotTell) },
        ]
      : [],
  );
  if (!may('editor')) return null;
  const refusal = refusalOf(run);
  return (
    <section aria-label={t.yourCall} class="stack tight">
      {run.reviewed && !isChanging ? (
        <Said run={run} onChange={() => change(true)} onUndo={done(verdicts.undo)} />
      ) : (
        <div class="verdict">
          {run.modelObservation && (
            <button class="btn main big wraps" type="button" onClick={done(verdicts.agree)}>
              <Icon name="check" small />
              {t.agreeWith(nameOf(run.modelObservation).name)}
            </button>
          )}
          <button class="btn" type="button" onClick={() => setNaming(true)}>
            {t.otherName}
          </button>
          <button class="btn" type="button" onClick={done(verdicts.noInsect)}>
            {t.noInsect}
          </button>
          <button class="btn" type="button" onClick={done(verdicts.cannotTell)}>
            {t.cannotTell}
          </button>
        </div>
      )}
      <Problem text={refusal} />
      {isNaming && (
        <Rename
          onClose={() => setNaming(false)}
          onChoose={(taxon) => {
            setNaming(false);
            done(() => verdicts.rename(taxon))();
          }}
        />
      )}
    </section>
  );
}

interface SaidProps {
  readonly run: Run;
  readonly onChange: () => void;
  readonly onUndo: () => void;
}

function Said({ run, onChange, onUndo }: SaidProps) {
  const deciding = run.reviews?.find(({ decides }) => decides);
  const at =
    deciding && `${date(deciding.at, stationZone.value, 'short')}, ${clock(deciding.at, stationZone.value)}`;
  return (
    <div class="said">
      <p>
        <Icon name="check" small />
        <b>{t.reviewedAs(nameOfRun(run).name)}</b>
        {deciding && (
          <span class="hint">
            {' '}
            {deciding.by}, {at}
          </span>
        )}
      </p>
      <div class="btns">
        <button class="btn" type="button" onClick={onChange}>
          {t.change}
        </button>
        <button class="btn" type="button" onClick={onUndo}>
          {shell.undo}
        </button>
      </div>
    </div>
  );
}

interface RenameProps {
  readonly onClose: () => void;
  readonly onChoose: (taxon: Taxon) => void;
}

/** A kind that no model and no review has named so far. */
const unknownTaxon = (taxon: string): Taxon => ({
  label: taxon,
  taxon,
  kind: 'taxon',
  insect: true,
  active: false,
  used: 0,
  hasNote: false,
});

/** "Genus species", or a higher taxon's one word. */
const SCIENTIFIC = /^[A-Z][a-z-]+( [a-z-]+){0,2}$/;

/** Asks for another name: one of the model's, or any scientific name. */
export const Rename = ({ onClose, onChoose }: RenameProps) => (
  <Dialog title={t.which} onClose={onClose}>
    <TaxonSearch
      label={t.search}
      isOpen
      nothing={t.nothingFound}
      onChoose={onChoose}
      otherwise={(text) =>
        SCIENTIFIC.test(text) ? { shown: t.asTaxon(text), taxon: unknownTaxon(text) } : undefined
      }
    />
  </Dialog>
);
