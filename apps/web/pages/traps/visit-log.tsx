import { useState } from 'preact/hooks';
import type { Trap, TrapVisit } from '../../../../libs/api-types/index.js';
import { post, remove } from '../../api/client.js';
import { trapPath } from '../../api/fleet.js';
import { refresh, useAnswer } from '../../api/query.js';
import { may } from '../../api/session.js';
import { Failed } from '../../components/failed.js';
import { Icon } from '../../components/icon.js';
import { toast } from '../../shell/toast.js';
import { clock, date } from '../../texts/format.js';
import { shell } from '../../texts/shell.js';
import { oneTrapWords as t, trapWords } from '../../texts/traps.js';
import { NoteVisit } from './note-visit.js';

interface Props {
  readonly trap: Trap;
  readonly zone: string;
}

/** When people were at the trap, and what they did. */
export function VisitLog({ trap, zone }: Props) {
  const [isNoting, note] = useState(false);
  const path = `${trapPath(trap.trapId)}/visits`;
  const { data, error, reload } = useAnswer<{ readonly items: readonly TrapVisit[] }>(path);
  const forget = async ({ id, at, what, text }: TrapVisit) => {
    await remove(`${path}/${id}`);
    refresh(path);
    toast(t.visitRemoved, () => void post(path, { at, what, text }).then(() => refresh(path)));
  };
  return (
    <section class="card stack">
      <h2>{t.visitLog}</h2>
      {error && <Failed error={error} onRetry={reload} />}
      {data?.items.length === 0 && <p class="hint">{t.noVisits}</p>}
      <ul class="visit-log">
        {data?.items.map((visit) => (
          <li key={visit.id}>
            <div>
              <b>{visit.what.map((kind) => t[kind]).join(', ')}</b> {visit.text}
              <p class="hint">
                {date(visit.at, zone, 'short')}, {clock(visit.at, zone)} · {visit.by}
              </p>
            </div>
            {may('editor') && (
              <button
                class="btn ghost square"
                type="button"
                aria-label={`${shell.remove}: ${date(visit.at, zone, 'short')}`}
                onClick={() => void forget(visit)}
              >
                <Icon name="close" small />
              </button>
            )}
          </li>
        ))}
      </ul>
      {may('editor') && (
        <button class="btn" type="button" onClick={() => note(true)}>
          {trapWords.noteVisit}
        </button>
      )}
      {isNoting && <NoteVisit trap={trap} onClose={() => note(false)} />}
    </section>
  );
}
