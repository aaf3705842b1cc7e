/** Lines for people and for the journal of the system. Which trap it is, the journal knows. */
export interface Log {
  info(text: string): void;
  warn(text: string): void;
}

/** @param isService the journal sets the time in front by itself */
export function logTo(out: NodeJS.WritableStream, isService: boolean): Log {
  const line = (mark: string) => (text: string) => {
    out.write(`${isService ? '' : `${new Date().toISOString().slice(0, 19)}Z `}${mark}${text}\n`);
  };
  return { info: line(''), warn: line('! ') };
}
