/** What the catalog keeps of a limit to some traps. */
export const trapsText = (traps: readonly string[] | null | undefined): string | null =>
  traps ? JSON.stringify([...new Set(traps)].sort()) : null;

/** Administrators see all traps. */
export const trapsOf = (row: {
  readonly role: string;
  readonly traps: string | null;
}): string[] | undefined =>
  row.traps === null || row.role === 'admin' ? undefined : (JSON.parse(row.traps) as string[]);
