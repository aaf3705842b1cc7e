/** Where people reach Grafana and Trapline: one origin, kept by the reverse proxy. */
export interface Site {
  /** Such as `https://traps.example.org`; empty = the origin that Grafana itself is reached at. */
  readonly publicUrl: string;
}

/** The committed dashboards work at any address. */
export const SAME_ORIGIN: Site = { publicUrl: '' };

/**
 * Pictures lie under Grafana's own path: only there does the browser send Grafana's session, and the proxy lets
 * nobody see a picture who is not logged in.
 */
export const picturesUrl = ({ publicUrl }: Site): string => `${publicUrl}/grafana/pictures`;
export const galleryUrl = ({ publicUrl }: Site): string => `${publicUrl}/grafana/pictures/gallery.html`;
export const tilesUrl = ({ publicUrl }: Site): string => `${publicUrl}/grafana/tiles/{z}/{x}/{y}.png`;
export const apiUrl = ({ publicUrl }: Site): string => `${publicUrl}/api/v1`;
export const dashboardUrl = ({ publicUrl }: Site, uid: string): string => `${publicUrl}/grafana/d/${uid}`;
