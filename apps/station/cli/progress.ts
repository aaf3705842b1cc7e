const EVERY_MS = 200;

/** A line that says how far a command is, for a person at a terminal; nobody else sees it. */
interface Progress {
  show(text: string): void;
  /** Clears the line. */
  end(): void;
}

export function progressOf(json: boolean | undefined): Progress {
  const isShown = !json && process.stderr.isTTY === true;
  let shownAtMs = 0;
  return {
    show(text) {
      const nowMs = performance.now();
      if (!isShown || nowMs - shownAtMs < EVERY_MS) return;
      shownAtMs = nowMs;
      process.stderr.write(`\r${text} `);
    },
    end() {
      if (shownAtMs) process.stderr.write('\r\u001b[K');
      shownAtMs = 0;
    },
  };
}
