/** Lines for people and for the journal of the system. Which trap it is, the journal knows. */
export interface Log {
  info(text: string): void;
  warn(text: string): void;
}

/** @param isService the journal sets the time in front by itself */
export function logTo(out: NodeJS.WritableStream & { readonly isTTY?: boolean }, isService: boolean): Log {
  // On a terminal a line takes the place of the progress, which is shown again below it.
  const begin = out.isTTY ? '\r\x1b[K' : '';
  const line = (mark: string) => (text: string) => {
    out.write(`${begin}${isService ? '' : `${new Date().toISOString().slice(0, 19)}Z `}${mark}${text}\n`);
  };
  return { info: line(''), warn: line('! ') };
}
