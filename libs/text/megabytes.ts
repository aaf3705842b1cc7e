/** Bytes as millions of them: `0.52`, `1234`. */
export const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 2 : 0);
