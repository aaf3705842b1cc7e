import { useState } from 'preact/hooks';
import type { Run } from '../../../../libs/api-types/index.js';
import { latest } from '../../api/reviews.js';
import { may } from '../../api/session.js';
import type { Traps } from '../../api/traps.js';
import { Dialog } from '../../components/dialog.js';
import { Icon } from '../../components/icon.js';
import { nameOfRun } from '../../components/names.js';
import { Picture } from '../../components/picture.js';
import { linkOf, RunCard } from '../../components/run-card.js';
import { Verdict, verdictsOn } from '../../components/verdict.js';
import { useKeys } from '../../shell/keys.js';
import { galleryWords as t } from '../../texts/gallery.js';
import { reviewWords } from '../../texts/review.js';

/** Tells of the keys of the cards; they act on the card that has the focus. */
export function useCardKeys(): void {
  useKeys([
    { key: '← ↑ ↓ →', does: t.keyMove, act: () => {} },
    ...(may('editor')
      ? [
          { key: 'a', does: reviewWords.agree, act: () => {} },
          { key: 'r', does: reviewWords.otherName, act: () => {} },
          { key: 'x', does: reviewWords.noInsect, act: () => {} },
          { key: 'u', does: reviewWords.cannotTell, act: () => {} },
        ]
      : []),
  ]);
}

/** The insects of a day. Arrows go from card to card; letters say what a card shows. */
export function Cards({ runs, traps }: { readonly runs: readonly Run[]; readonly traps: Traps }) {
  const [judged, judge] = useState<Run>();
  const onKey = (event: KeyboardEvent, run: Run) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const verdicts = verdictsOn(latest(run));
    const acts: Record<string, () => unknown> = may('editor')
      ? { a: verdicts.agree, r: () => judge(run), x: verdicts.noInsect, u: verdicts.cannotTell }
      : {};
    const act = acts[event.key];
    if (act) void act();
    else if (!moveFocus(event)) return;
    event.preventDefault();
  };
  return (
    <>
      <ul class="runs">
        {runs.map((run) => (
          <li key={linkOf(run)} class="judged" onKeyDown={(event) => onKey(event, run)}>
            <RunCard run={run} traps={traps} />
            {may('editor') && (
              <button
                class="btn ghost square"
                type="button"
                aria-label={reviewWords.actions(nameOfRun(latest(run)).name)}
                onClick={() => judge(run)}
              >
                <Icon name="more" small />
              </button>
            )}
          </li>
        ))}
      </ul>
      {judged && (
        <Dialog title={reviewWords.yourCall} onClose={() => judge(undefined)}>
          <div class="judge">
            <Picture thumbnail={judged.links.thumbnail} isEager />
            <div class="stack">
              <p>
                <b>{nameOfRun(latest(judged)).name}</b>
              </p>
              <Verdict run={judged} onDone={() => judge(undefined)} />
              <a href={linkOf(judged)}>{t.show}</a>
            </div>
          </div>
        </Dialog>
      )}
    </>
  );
}

const isAtSameHeight = (a: DOMRect, b: DOMRect) => Math.abs(a.top - b.top) < a.height / 2;

/** Moves the focus to the next card in the direction of an arrow key. @returns false for other keys */
function moveFocus({ key, target }: KeyboardEvent): boolean {
  const card = (target as HTMLElement).closest('.run');
  if (!card || !key.startsWith('Arrow')) return false;
  const cards = [...document.querySelectorAll<HTMLElement>('main .run')];
  const index = cards.indexOf(card as HTMLElement);
  const at = card.getBoundingClientRect();
  const isInColumn = (each: HTMLElement) => {
    const rect = each.getBoundingClientRect();
    return !isAtSameHeight(at, rect) && Math.abs(rect.left - at.left) < at.width / 2;
  };
  const ways: Record<string, () => HTMLElement | undefined> = {
    ArrowRight: () => cards[index + 1],
    ArrowLeft: () => cards[index - 1],
    ArrowDown: () => cards.slice(index + 1).find(isInColumn),
    ArrowUp: () => cards.slice(0, index).reverse().find(isInColumn),
  };
  const next = ways[key]?.();
  next?.focus();
  return next !== undefined;
}
