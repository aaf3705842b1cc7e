import { useEffect, useRef } from 'preact/hooks';
import { type ServiceEvent, useEvents } from './events.js';
import { refresh } from './query.js';

/** Events come in bursts: what is shown is asked for again this long after the first. */
const SETTLE_MS = 1500;

/** Loads a path again soon after something has changed in the service; undefined follows nothing. */
export function useFollow(
  path: string | undefined,
  concerns: (event: ServiceEvent) => boolean = () => true,
): void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEvents((event) => {
    if (path === undefined || !concerns(event)) return;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      refresh(path);
    }, SETTLE_MS);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
}
