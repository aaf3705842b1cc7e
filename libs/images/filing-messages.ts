import type { JournalEntry } from './journal.js';

/** Bytes in the journal, and the plain file that they are to become. */
export interface Filing extends JournalEntry {
  readonly path: string;
}

export interface ToFilingThread {
  readonly id: number;
  readonly journal: string;
  readonly filings: readonly Filing[];
}

/** The answer; with `error` some of the files are not there, or not durable. */
export interface FromFilingThread {
  readonly id: number;
  readonly error?: { readonly message: string; readonly code?: string | undefined };
}
