/** How a trap logs in. */
export interface TrapAccount {
  /** Its user name, too. */
  readonly trapId: string;
  readonly password?: string | undefined;
}
