export interface ScanThreadData {
  readonly file: string;
  readonly patienceMs: number;
}

/** A statement, or, without one, the wish for more rows of an earlier one. */
export interface ToThread {
  readonly id: number;
  readonly sql?: string;
  readonly parameters?: readonly unknown[];
}

export type FromThread =
  | {
      readonly id: number;
      readonly rows: readonly unknown[];
      readonly more: boolean;
      readonly error?: undefined;
    }
  | { readonly id: number; readonly error: { readonly message: string; readonly errcode?: number } };
