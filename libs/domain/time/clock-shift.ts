/** A time that a wrong clock showed, and when the message that bears it was received. Milliseconds since 1970. */
export interface Heard {
  readonly saidMs: number;
  readonly receivedAtMs: number;
}

/** Two messages that came at once agree to this much. */
const AGREE_MS = 60_000;
/** Messages of a backlog come all at once: only those that are apart by the trap's clock, too, tell anything. */
const APART_MS = 10 * 60_000;
/** A visit is placed within a window of time where it is at most so long: half of it is the error. */
const LONGEST_SLACK_MS = 60 * 60_000;

/**
 * What to add to the times of a wrong clock, from messages of that clock which came as soon as they were sent. None comes
 * before its time, so that the smallest lag is that of the quickest; a second message, ten minutes apart by the trap's
 * clock, that lags the same shows that both came at once: in a backlog the lags differ by the time between them.
 *
 * @param own messages of the run or session itself
 * @param others messages of the same trap at about the same time by its clock, of which it is not certain that they are
 *   of the same clock: two of them must agree
 * @returns milliseconds; undefined where nothing is certain
 */
export function shiftByNeighbours(own: readonly Heard[], others: readonly Heard[] = []): number | undefined {
  const quickest = own.reduce<Heard | undefined>(
    (best, next) => (best && lagOf(best) <= lagOf(next) ? best : next),
    undefined,
  );
  if (!quickest) return undefined;
  const agrees = (heard: Heard) =>
    Math.abs(lagOf(heard) - lagOf(quickest)) <= AGREE_MS && areApart(heard, quickest);
  if (own.some(agrees)) return lagOf(quickest);
  const agreeing = others.filter(agrees);
  return agreeing.some((one) => agreeing.some((other) => areApart(one, other))) ? lagOf(quickest) : undefined;
}

/**
 * What to add to the times of a wrong clock where it is known between which times all of it took place.
 *
 * @param own messages of what took place then
 * @returns milliseconds; undefined where the window leaves more than an hour, or fits nothing
 */
export function shiftIntoWindow(
  own: readonly Heard[],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number | undefined },
): number | undefined {
  if (!own.length) return undefined;
  const said = own.map(({ saidMs }) => saidMs);
  const least = fromMs - Math.min(...said);
  const most = Math.min((toMs ?? Number.POSITIVE_INFINITY) - Math.max(...said), Math.min(...own.map(lagOf)));
  const slackMs = most - least;
  return slackMs >= 0 && slackMs <= LONGEST_SLACK_MS ? Math.round(least + slackMs / 2) : undefined;
}

const lagOf = ({ saidMs, receivedAtMs }: Heard): number => receivedAtMs - saidMs;

const areApart = (a: Heard, b: Heard): boolean => Math.abs(a.saidMs - b.saidMs) >= APART_MS;
