const POLL_INTERVAL_MS = 500;

/**
 * npm starts a shell, and the shell the process; a SIGTERM to npm ends both of them and never reaches the process, which
 * would go on alone and keep its ports. Where npm started it, the end of the shell is the signal.
 */
export function whenNpmEnds(end: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    end();
  }, POLL_INTERVAL_MS);
  timer.unref();
}
