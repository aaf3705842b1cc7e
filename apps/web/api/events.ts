import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { API } from './client.js';

export const EVENT_KINDS = ['run', 'episode', 'sighting', 'trap', 'job', 'resync'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];
/** What has changed: its ids; the page asks for what it shows of it. */
export interface ServiceEvent {
  readonly kind: EventKind | 'poll';
  readonly data: {
    readonly id?: string;
    readonly trapId?: string;
    readonly runId?: string;
    readonly change?: string;
  };
}
type Listener = (event: ServiceEvent) => void;

const LOCK = 'trapline-events';
/** Without a stream, what is shown is asked for again this often. */
const POLL_MS = 15_000;
/** A stream that the service refused is tried again after this. */
const RETRY_MS = 60_000;

const listeners = new Set<Listener>();
/** Whether changes arrive by themselves. */
export const isLive = signal(false);

const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel(LOCK) : undefined;
let isStarted = false;

/** Calls the listener with what changes in the service, while the component is shown. */
export function useEvents(listener: Listener): void {
  useEffect(() => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  });
}

/** Opens the stream: one for all windows of this browser, since it may have only six connections to one host. */
export function startEvents(): void {
  if (isStarted) return;
  isStarted = true;
  channel?.addEventListener('message', ({ data }) => receive(data));
  setInterval(() => {
    if (!isLive.value && document.visibilityState === 'visible') tell({ kind: 'poll', data: {} });
  }, POLL_MS);
  if (channel && navigator.locks) void navigator.locks.request(LOCK, stream);
  else void stream();
}

type Message = { readonly live: boolean } | ServiceEvent;

function receive(message: Message): void {
  if ('live' in message) isLive.value = message.live;
  else tell(message);
}

function tell(event: ServiceEvent): void {
  for (const listener of listeners) listener(event);
}

/** Never ends: the next window takes over when this one is closed. */
function stream(): Promise<never> {
  open();
  // A window that was opened later gets to know whether there is a stream.
  setInterval(() => channel?.postMessage({ live: isLive.value }), POLL_MS / 3);
  return new Promise(() => {});
}

function open(): void {
  const source = new EventSource(`${API}/events`);
  const pass = (message: Message) => {
    receive(message);
    channel?.postMessage(message);
  };
  source.addEventListener('open', () => pass({ live: true }));
  const close = () => {
    source.close();
    pass({ live: false });
    setTimeout(open, RETRY_MS);
  };
  source.addEventListener('error', () => {
    pass({ live: false });
    // Browsers connect again by themselves, unless the service has refused.
    if (source.readyState === EventSource.CLOSED) close();
  });
  source.addEventListener('replaced', close);
  for (const kind of EVENT_KINDS)
    source.addEventListener(kind, ({ data }) => pass({ kind, data: JSON.parse(data) }));
}
