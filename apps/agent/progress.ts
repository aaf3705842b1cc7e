import { plural } from '../../libs/text/index.js';
import type { PublishStats } from './sending/publish-stats.js';

const EVERY_MS = { terminal: 500, file: 10_000 };
/** A line that is wider than the terminal is two, and only one of them would be written over. */
const USUAL_COLUMNS = 80;

/**
 * Shows how far it is: one line that changes on a terminal, elsewhere a line now and then.
 *
 * @returns ends it
 */
export function showProgress(line: () => string, out: NodeJS.WriteStream): () => void {
  let shown = '';
  const show = () => {
    const text = out.isTTY ? line().slice(0, (out.columns || USUAL_COLUMNS) - 1) : line();
    if (text === shown) return;
    shown = text;
    out.write(out.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
  };
  const timer = setInterval(show, out.isTTY ? EVERY_MS.terminal : EVERY_MS.file).unref();
  return () => {
    clearInterval(timer);
    show();
    if (out.isTTY && shown) out.write('\n');
  };
}

interface Goal {
  readonly sessions: number;
  /** About so many crops are there to be sent. */
  readonly crops: number;
  /** By `performance.now()`. */
  readonly startedMs: number;
}

export function progressLine(tally: PublishStats, goal: Goal, isConnected: boolean, nowMs: number): string {
  const seconds = Math.max(0.001, (nowMs - goal.startedMs) / 1000);
  const perS = tally.crops / seconds;
  const left = Math.max(0, goal.crops - tally.crops);
  const words = [
    `${tally.sessions} of ${plural(goal.sessions, 'session')}`,
    `${tally.crops} of about ${plural(goal.crops, 'crop')}`,
    `${megabytes(tally.bytes)} MB`,
    `${perS.toFixed(perS < 10 ? 1 : 0)} crops/s`,
    ...(left > 0 && perS > 0 && seconds > 2 ? [`${duration(left / perS)} left`] : []),
    ...(isConnected ? [] : ['no connection']),
  ];
  return words.join(', ');
}

export const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  if (seconds < 3600) return `${Math.ceil(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}
