import type { RawBuilder } from 'kysely';

/** What a migration must know of the engine: everything else is the same on both. */
export interface EngineTypes {
  readonly blob: RawBuilder<unknown>;
  /** Texts are compared by code point: pages, smallest ids and JavaScript then agree on one order. */
  readonly text: RawBuilder<unknown>;
}
