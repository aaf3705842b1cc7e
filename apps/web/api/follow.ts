import { useEffect, useRef } from 'preact/hooks';
import { type ServiceEvent, useEvents } from './events.js';
import { refresh } from './query.js';

/** Events come in bursts: what is shown is asked for again this long after the first. */
const SETTLE_MS = 1500;

type Concerns = (event: ServiceEvent) => boolean;

/** Calls `act` once for a burst of events that concern it, soon after the first of them. */
export function useBursts(act: () => void, concerns: Concerns): void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(act);
  latest.current = act;
  useEvents((event) => {
    if (!concerns(event)) return;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      latest.current();
    }, SETTLE_MS);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
}

/** Loads a path again soon after something has changed in the service; undefined follows nothing. */
export function useFollow(path: string | undefined, concerns: Concerns = () => true): void {
  useBursts(
    () => path !== undefined && refresh(path),
    (event) => path !== undefined && concerns(event),
  );
}
