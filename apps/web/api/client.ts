import { signal } from '@preact/signals';
import { ApiProblem, problemOf } from './problem.js';

export const API = '/api/v1';
type Values = Readonly<Record<string, string | number | boolean | undefined>>;

/** No other origin can send it with a request, so the service knows that its own page asks. */
const OWN_PAGE = { 'X-Trapline': 'web' };
const LIMIT_MS = 60_000;

/** Since when the station does not answer. */
export const offlineSince = signal<Date | undefined>(undefined);

/** Called where the login has ended. */
let whenLoggedOut = () => {};
export const onLoggedOut = (listener: () => void) => {
  whenLoggedOut = listener;
};

/** A path with its query; what is undefined or empty is left out. */
export function withQuery(path: string, values: Values): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    if (value !== undefined && value !== '') query.set(name, String(value));
  return query.size ? `${path}?${query}` : path;
}

/**
 * Sends a request to the API and returns its JSON; undefined where it answers with nothing.
 * @param path below /api/v1
 * @param body a file as it is; anything else as JSON
 * @throws ApiProblem where it is refused, or with status 0 where there is no answer
 */
export async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
  const isFile = body instanceof Blob;
  const response = await fetch(API + path, {
    method,
    credentials: 'same-origin',
    headers: { ...OWN_PAGE, ...(body !== undefined && !isFile && { 'Content-Type': 'application/json' }) },
    ...(body !== undefined && { body: isFile ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(LIMIT_MS),
  }).catch((error) => {
    offlineSince.value ??= new Date();
    throw new ApiProblem(0, 'no-connection', String(error.message ?? error));
  });
  offlineSince.value = undefined;
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
  const problem = await problemOf(response);
  if (problem.status === 401 && problem.code !== 'wrong-password') whenLoggedOut();
  throw problem;
}

export const get = <T>(path: string): Promise<T> => request('GET', path);
export const post = <T>(path: string, body: unknown = {}): Promise<T> => request('POST', path, body);
export const put = <T>(path: string, body: unknown): Promise<T> => request('PUT', path, body);
export const patch = <T>(path: string, body: unknown): Promise<T> => request('PATCH', path, body);
export const remove = <T>(path: string): Promise<T> => request('DELETE', path);
