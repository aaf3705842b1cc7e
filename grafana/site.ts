/** Where people reach Grafana and Trapline: one origin and one login, kept by the reverse proxy. */
export interface Site {
  /** Such as `https://traps.example.org`; empty = the origin that Grafana itself is reached at. */
  readonly publicUrl: string;
}

/** The committed dashboards work at any address. */
export const SAME_ORIGIN: Site = { publicUrl: '' };

/**
 * A page or a file of Trapline, from a link of a panel. Grafana puts its own path before each of its links that begins
 * with a slash: what begins with `/grafana/trapline` the proxy leads back to Trapline.
 *
 * @param path begins with a slash
 */
export const traplineUrl = ({ publicUrl }: Site, path: string): string =>
  publicUrl === '' ? `/grafana/trapline${path}` : `${publicUrl}${path}`;

/** What a picture's path comes to: browsers load it themselves, with the login of the origin. */
export const pictureUrl = ({ publicUrl }: Site, path: string): string => `${publicUrl}${path}`;
export const tilesUrl = ({ publicUrl }: Site): string => `${publicUrl}/grafana/tiles/{z}/{x}/{y}.png`;
