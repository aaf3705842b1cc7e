import { setTimeout as delay } from 'node:timers/promises';

const ATTEMPTS = 5;
const PAUSE_MS = 1000;
const PAGE = 500;

interface StoredRun {
  readonly trapId: string;
  readonly runId: string;
  readonly status: 'open' | 'complete';
  readonly receipt: string | null;
  readonly clockSuspect: boolean;
  readonly storedCrops: number;
  readonly receivedAt: { readonly first: string };
}

export interface StoredRunWithCrops extends StoredRun {
  readonly crops: readonly {
    readonly cropId: string;
    readonly sha256: string;
    readonly truncated: boolean;
  }[];
}

interface StoredSession {
  readonly sessionId: string;
  readonly minutes: number | null;
}

interface StoredDeadLetter {
  readonly topic: string;
  readonly code: string;
  readonly sha256: string;
  readonly trapId: string | null;
  readonly lastAt: string;
}

/** What the service says over REST that it has. */
export class Service {
  /**
   * @param api such as `http://127.0.0.1:3000`
   * @param key of an editor: dead letters are for editors
   */
  constructor(
    private readonly api: string,
    private readonly key: string,
  ) {}

  /**
   * The service's own time, to the second; what comes from now on is not before it.
   *
   * @throws Error where no service answers
   */
  static async now(api: string): Promise<number> {
    const response = await fetch(`${api}/health/live`).catch((cause) => {
      throw new Error(`no service answers at ${api}: start it (npm start), or name its address with --api`, {
        cause,
      });
    });
    return Date.parse(response.headers.get('date') ?? '') || Date.now();
  }

  /** @returns undefined where there is no such run */
  async run(trapId: string, runId: string): Promise<StoredRunWithCrops | undefined> {
    const response = await this.get(`/api/v1/runs/${trapId}/${runId}`);
    return response.status === 404 ? undefined : await jsonOf(response);
  }

  /** The bytes as anybody gets them, or the status where there are none. */
  async crop(trapId: string, runId: string, cropId: string): Promise<Buffer | number> {
    const response = await this.get(`/api/v1/runs/${trapId}/${runId}/crops/${cropId}`);
    const bytes = Buffer.from(await response.arrayBuffer());
    return response.ok ? bytes : response.status;
  }

  runs(trapId: string): AsyncGenerator<StoredRun> {
    return this.all(`/api/v1/runs?trap=${trapId}`);
  }

  sessions(trapId: string): AsyncGenerator<StoredSession> {
    return this.all(`/api/v1/sessions?trap=${trapId}`);
  }

  /** Newest first. */
  deadLetters(): AsyncGenerator<StoredDeadLetter> {
    return this.all('/api/v1/dead-letters?');
  }

  private async *all<T>(path: string): AsyncGenerator<T> {
    let after = '';
    do {
      const page: { items: T[]; next?: string } = await jsonOf(
        await this.get(`${path}&limit=${PAGE}${after}`),
      );
      yield* page.items;
      after = page.next ? `&after=${encodeURIComponent(page.next)}` : '';
    } while (after);
  }

  /** Asks again where the service is busy or away for a moment. */
  private async get(path: string): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const response = await fetch(this.api + path, { headers: { Authorization: `Bearer ${this.key}` } });
        const isBusy = response.status === 503 || response.status === 429;
        if (!isBusy || attempt === ATTEMPTS) return response;
        await response.body?.cancel();
      } catch (error) {
        if (attempt === ATTEMPTS) throw new Error(`${this.api} does not answer`, { cause: error });
      }
      await delay(PAUSE_MS);
    }
  }
}

async function jsonOf<T>(response: Response): Promise<T> {
  if (response.ok) return (await response.json()) as T;
  const text = await response.text();
  throw new Error(`${new URL(response.url).pathname}: ${response.status} ${text.slice(0, 200)}`);
}
