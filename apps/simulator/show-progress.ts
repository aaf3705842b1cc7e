const EVERY_MS = { terminal: 500, file: 10_000 };

/**
 * Shows how far some work is: one line that changes on a terminal, elsewhere a line now and then. The last one stays.
 *
 * @param line empty = nothing to say yet
 */
export async function whileShowing<T>(line: () => string, work: () => Promise<T>): Promise<T> {
  const { stdout } = process;
  let shown = '';
  const show = () => {
    const text = line();
    if (text === shown) return;
    shown = text;
    stdout.write(stdout.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
  };
  const timer = setInterval(show, stdout.isTTY ? EVERY_MS.terminal : EVERY_MS.file).unref();
  try {
    return await work();
  } finally {
    clearInterval(timer);
    show();
    if (stdout.isTTY && shown) stdout.write('\n');
  }
}
