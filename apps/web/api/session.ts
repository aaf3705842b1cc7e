import { computed, signal } from '@preact/signals';
import type { BrowserSession } from '../../../libs/api-types/index.js';
import { switchLanguage } from '../texts/words.js';
import { get, onLoggedOut, patch, post, remove } from './client.js';
import { forgetAnswers } from './query.js';

/** Who is logged in, and what the station is; undefined: not known yet. */
export const session = signal<BrowserSession | undefined>(undefined);
/** The person who is logged in. */
export const me = computed(() => session.value?.user ?? undefined);
/** The zone of what belongs to no trap. */
export const stationZone = computed(() => session.value?.station.timeZone ?? 'UTC');

const RANK = ['device', 'viewer', 'editor', 'admin'] as const;

/** Whether who is logged in has this role or more. */
export const may = (role: 'viewer' | 'editor' | 'admin'): boolean =>
  RANK.indexOf(me.value?.role ?? 'device') >= RANK.indexOf(role);

onLoggedOut(leave);

/** Asks who this browser is logged in as. @throws ApiProblem where the service does not answer */
export async function findSession(): Promise<void> {
  session.value = await get<BrowserSession>('/session');
}

/** @param remember for 30 days instead of half a day */
export async function logIn(name: string, password: string, remember: boolean): Promise<void> {
  enter(await post<BrowserSession>('/session', { name, password, remember }));
}

/** @param token of the link that the first start or `user link` prints */
export async function openByLink(token: string): Promise<void> {
  enter(await post<BrowserSession>('/session/link', { token }));
}

/** @param current may be left out after a log-in by link */
export async function setPassword(password: string, current?: string): Promise<void> {
  enter(await post<BrowserSession>('/session/password', { password, current }));
}

/** The language that this person reads on every device. */
export function chooseLanguage(language: 'en' | 'de'): void {
  switchLanguage(language);
  // Where it is not kept there, it still is in this browser.
  if (me.value) patch('/session', { language }).catch(() => {});
}

export async function logOut(): Promise<void> {
  await remove('/session');
  // Reloads the page, so that it keeps nothing of this person.
  location.assign('/');
}

function enter(opened: BrowserSession): void {
  session.value = opened;
  if (opened.user?.language) switchLanguage(opened.user.language);
}

function leave(): void {
  forgetAnswers();
  if (session.value) session.value = { ...session.value, user: null };
}
