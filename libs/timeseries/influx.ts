import { HttpError, InfluxDB } from '@influxdata/influxdb-client';
import { type Outcome, outcomeOf } from './outcome.js';

export interface InfluxLocation {
  readonly url: string;
  readonly org: string;
  readonly bucket: string;
  /** Left out where the server wants none. */
  readonly token?: string | undefined;
}

const ANSWER_MS = 10_000;
const MESSAGE_LENGTH = 500;

/**
 * The InfluxDB that the points go to, through the HTTP API of version 2. Each call is one request and tells what became
 * of it; nothing is kept here and nothing tried again, so nothing can be lost here either.
 */
export class Influx {
  private readonly client: InfluxDB;

  constructor(private readonly place: InfluxLocation) {
    this.client = new InfluxDB({ url: place.url, token: place.token, timeout: ANSWER_MS });
  }

  /** Writes lines with nanoseconds. `done` = InfluxDB has all of them. */
  async write(lines: readonly string[]): Promise<Outcome> {
    // The client's own retries lose what they hold when the process ends, and it sends by itself once a batch is full:
    // no retries, no timer, and a batch that is never full.
    const api = this.client.getWriteApi(this.place.org, this.place.bucket, 'ns', {
      maxRetries: 0,
      flushInterval: 0,
      batchSize: lines.length + 1,
      maxBatchBytes: Number.POSITIVE_INFINITY,
      writeFailed: (error) => Promise.reject(error),
    });
    try {
      api.writeRecords([...lines]);
      await api.flush();
      return { state: 'done' };
    } catch (error) {
      return failureOf(error);
    } finally {
      api.dispose();
    }
  }

  /** Takes away the one point of this series and time. One that is not there is no failure. */
  async deletePoint(
    measurement: string,
    tags: Readonly<Record<string, string>>,
    timeNs: bigint,
  ): Promise<Outcome> {
    const predicate = [['_measurement', measurement], ...Object.entries(tags)]
      .map(([name, value]) => `${name}="${value}"`)
      .join(' AND ');
    // One nanosecond wide, because versions differ in whether the end belongs to it.
    const range = { start: rfc3339(timeNs), stop: rfc3339(timeNs + 1n) };
    return this.ask('POST', this.path('/api/v2/delete'), JSON.stringify({ ...range, predicate }));
  }

  /**
   * How many points there are with this field, by InfluxQL, which all versions speak.
   *
   * @throws with the reason where it cannot be asked
   */
  async count(measurement: string, field: string): Promise<number> {
    const url = this.url(
      `/query?db=${encodeURIComponent(this.place.bucket)}&q=${encodeURIComponent(`SELECT count("${field}") FROM "${measurement}"`)}`,
    );
    const response = await fetch(url, {
      headers: this.headers(),
      signal: AbortSignal.timeout(ANSWER_MS),
    }).catch((error) => {
      throw new Error(reasonOf(error), { cause: error });
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status}: ${messageIn(text)}`);
    const { results } = JSON.parse(text) as CountAnswer;
    if (results[0]?.error) throw new Error(results[0].error);
    return results[0]?.series?.[0]?.values[0]?.[1] ?? 0;
  }

  private async ask(method: string, path: string, body: string): Promise<Outcome> {
    try {
      const response = await fetch(this.url(path), {
        method,
        body,
        headers: { ...this.headers(), 'Content-Type': 'application/json' },
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      const message = `${response.status}: ${messageIn(await response.text())}`;
      return outcomeOf(
        response.status,
        message,
        response.headers.get('retry-after') ?? undefined,
        Date.now(),
      );
    } catch (error) {
      return failureOf(error);
    }
  }

  private path(path: string): string {
    const { org, bucket } = this.place;
    return `${path}?org=${encodeURIComponent(org)}&bucket=${encodeURIComponent(bucket)}`;
  }

  private url(path: string): string {
    return `${this.place.url.replace(/\/+$/, '')}${path}`;
  }

  private headers(): Record<string, string> {
    return this.place.token ? { Authorization: `Token ${this.place.token}` } : {};
  }
}

interface CountAnswer {
  readonly results: readonly {
    readonly error?: string;
    readonly series?: readonly { readonly values: readonly (readonly [string, number])[] }[];
  }[];
}

/** No answer at all is `busy`: a server that is away comes back. */
function failureOf(error: unknown): Outcome {
  if (!(error instanceof HttpError)) return { state: 'busy', message: reasonOf(error) };
  const said = error.headers?.['retry-after'];
  const message = `${error.statusCode}: ${messageIn(error.body ?? '') || error.statusMessage}`;
  return outcomeOf(error.statusCode, message, Array.isArray(said) ? said[0] : said, Date.now());
}

/** What the server says of a failure: `message` in version 2, `error` in version 1, or plain text. */
function messageIn(body: string): string {
  let said: unknown = body;
  try {
    const { message, error } = JSON.parse(body) as { message?: unknown; error?: unknown };
    said = message ?? error ?? body;
  } catch {}
  return String(said).trim().slice(0, MESSAGE_LENGTH);
}

/** The innermost reason: `fetch` says no more than that it failed. */
function reasonOf(error: unknown): string {
  const { cause, code, message } = error as { cause?: unknown; code?: string; message?: string };
  if (cause) return reasonOf(cause);
  return code ?? message ?? String(error);
}

/** RFC 3339 with nanoseconds, which a Date cannot hold. */
function rfc3339(timeNs: bigint): string {
  const ms = timeNs / 1_000_000n;
  const belowMs = String(timeNs % 1_000_000n).padStart(6, '0');
  return new Date(Number(ms)).toISOString().replace('Z', `${belowMs}Z`);
}
