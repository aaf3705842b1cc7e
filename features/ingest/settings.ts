import type { CompletionRule } from '../../libs/domain/index.js';

/** An open run is looked at when nothing has come for this long: an observation that is not final yet. */
export const QUIET_MS = 10_000;

/** How the ingest behaves: everything that the environment decides for it. */
export interface IngestSettings {
  readonly dataDir: string;
  readonly timeZone: string;
  readonly limits: {
    readonly cropBytes: number;
    readonly cropPixels: number;
    /** Pixels of the longer side. */
    readonly cropSide: number;
    readonly diskReserveBytes: number;
  };
  readonly completion: CompletionRule;
  readonly receiptWaitMs: number;
  /** How often all pictures are read and compared with their hashes; undefined = never. */
  readonly checkPicturesEveryMs?: number | undefined;
  /** Child processes that classify; undefined = one per core, 0 = none. */
  readonly classifiers: number | undefined;
  /** Whether graphs of models may be rewritten. Default true. */
  readonly optimiseModels?: boolean | undefined;
  /** Where the time series go. Left out where there is no InfluxDB: then nothing waits for it. */
  readonly influx?: object | undefined;
  /** Whether traps are shown to Home Assistant, and below which topic. */
  readonly homeAssistant?: { readonly enabled: boolean; readonly prefix: string } | undefined;
  readonly publicUrl?: string | undefined;
  /** Of texts that have one language only. */
  readonly language?: 'en' | 'de' | undefined;
  /** Crops that a run must have to be a first sighting. */
  readonly sightingCrops: number;
}
