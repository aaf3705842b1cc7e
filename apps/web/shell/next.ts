/**
 * Where the address of the log-in says that somebody wants to go next, within this station: with its query and its hash.
 * Proxies append it as it is, so everything behind `next=` belongs to it, unless it is encoded.
 */
export function nextOf(href: string): string | undefined {
  const [, rest = ''] = /[?&]next=(.*)$/.exec(href) ?? [];
  const next = rest.startsWith('/') ? rest : decoded(rest.replace(/[&#].*$/, ''));
  // `//host` and `/\host` lead elsewhere.
  return /^\/(?![/\\])/.test(next) ? next : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
