import type { Review, RunInFull } from '../../../../libs/api-types/index.js';
import { Icon, type IconName } from '../../components/icon.js';
import { nameOf } from '../../components/names.js';
import { clock, date } from '../../texts/format.js';
import { reviewWords } from '../../texts/review.js';
import { runWords as t } from '../../texts/run.js';

interface Entry {
  readonly icon: IconName;
  readonly text: string;
  readonly at: string;
  readonly comment?: string | undefined;
}

/** What has happened to a run, newest first; nothing that was ever said is left out. */
export function History({ run, zone }: { readonly run: RunInFull; readonly zone: string }) {
  const when = (at: string) => `${date(at, zone, 'short')}, ${clock(at, zone)}`;
  return (
    <section aria-labelledby="log">
      <h3 id="log">{t.history}</h3>
      <ul class="log">
        {entries(run).map(({ icon, text, at, comment }) => (
          <li key={at + text}>
            <Icon name={icon} />
            <span>
              {text}
              {comment && <q>{comment}</q>}
            </span>
            <span class="hint num">{when(at)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function entries(run: RunInFull): Entry[] {
  const all: Entry[] = (run.reviews ?? []).map((review) => ({
    icon: review.verdict === 'undo' ? 'left' : 'check',
    text: textOf(review),
    at: review.at,
    comment: review.comment,
  }));
  if (run.completedAt)
    all.push({
      icon: 'check',
      text: run.completedBecause === 'all-crops' ? t.allReceived(run.storedCrops) : t.ended(run.storedCrops),
      at: run.completedAt,
    });
  all.push({ icon: 'downloads', text: t.firstReceived, at: run.receivedAt.first });
  return all.sort((a, b) => (a.at < b.at ? 1 : -1));
}

function textOf(review: Review): string {
  switch (review.verdict) {
    case 'agree':
      return t.saidAgree(review.by);
    case 'undo':
      return t.saidUndo(review.by);
    case 'not-insect':
      return t.saidName(review.by, reviewWords.noInsect);
    case 'unsure':
      return t.saidName(review.by, reviewWords.cannotTell);
    case 'relabel':
      return t.saidName(review.by, nameOf(review).name);
  }
}
