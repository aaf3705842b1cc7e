import type { Logger } from 'pino';
import type { Catalog } from '../../libs/catalog/index.js';
import type { ModelPackage } from '../../libs/classifier/index.js';
import type { MessageSource } from '../../libs/mqtt/index.js';

/** What the API shows; whoever composes the process opens and closes all of it. */
export interface ApiParts {
  readonly catalog: Catalog;
  /** Left out where this process takes no messages: then nothing is said of a broker. */
  readonly source?: MessageSource;
  readonly dataDir: string;
  /** Under this many free bytes no message is taken. */
  readonly diskReserveBytes: number;
  /** Free bytes as whoever takes messages sees them; left out where this process takes none. */
  readonly diskFree?: () => Promise<number>;
  /** The model that speaks now. */
  readonly model: ModelPackage | undefined;
  /** What of the work behind the messages fails now; undefined where all gets on. */
  readonly backgroundTrouble?: () => string | undefined;
  /** Left out where this process does not classify. `classifying`: crops that are with the classifier. */
  readonly classifier?: () => { readonly classifying: number; readonly ready: boolean };
  /** Left out where there is no InfluxDB. What keeps points from it; undefined while they go out. */
  readonly pointTrouble?: () => { readonly state: 'busy' | 'denied' | 'failed' } | undefined;
  /** Where clients find this API, without a slash at the end. Links begin with it. */
  readonly publicUrl?: string | undefined;
  /** Where traps find the broker, such as `traps.example.org:1883`, for the contract's document. */
  readonly brokerAddress?: string | undefined;
  readonly version: string;
  readonly log: Logger;
}

/** Under this name Nest hands the parts out. */
export const PARTS = Symbol('parts of the API');
