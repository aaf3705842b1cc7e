/** What was done, for progress and report. */
export class PublishStats {
  sessions = 0;
  runs = 0;
  crops = 0;
  bytes = 0;
  /** Crops that are not sent, or that the service cannot take. */
  rejected = 0;
  /** When something was acknowledged last, or a receipt came. */
  lastNewsMs = performance.now();
  /** What is not published, a line each. */
  readonly left = new Map<string, string>();
  /** What of the card could not be read, and why: path → reason. */
  readonly unread = new Map<string, string>();

  sent(bytes: number): void {
    this.crops += 1;
    this.bytes += bytes;
    this.news();
  }

  news(): void {
    this.lastNewsMs = performance.now();
  }
}
