import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 250;

/** Of an answer of REST, what the demo shows. */
export interface SeenRun {
  readonly trapId: string;
  readonly runId: string;
  readonly storedCrops: number;
  readonly observation: { readonly label: string; readonly probability: number } | null;
}

/** Looks over REST, as everybody may, until there is a run with an observation. */
export async function firstObservation(
  http: string,
  key: string,
  stop: AbortSignal,
): Promise<SeenRun | undefined> {
  while (!stop.aborted) {
    const response = await fetch(`${http}/api/v1/runs?insectsOnly=true&limit=1`, {
      headers: { Authorization: `Bearer ${key}` },
    });
    if (response.ok) {
      const { items } = (await response.json()) as { items: SeenRun[] };
      if (items[0]) return items[0];
    }
    await delay(LOOK_EVERY_MS);
  }
  return undefined;
}

/** Whether a page is there. */
export async function hasPage(url: string): Promise<boolean> {
  const response = await fetch(url);
  await response.body?.cancel();
  return response.ok;
}
