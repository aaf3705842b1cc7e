import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { type Site, traplineUrl } from './site.js';

const TAG = 'trapline';

/** What our dashboards have in common: the reader's time zone, the menu from one to the other, the way to Trapline's pages. */
export const frame = (site: Site, uid: string, title: string, description: string): DashboardBuilder =>
  new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([TAG])
    // Of the person, or of the server; see docs/dashboards.md.
    .timezone('')
    .weekStart('monday')
    .tooltip(DashboardCursorSync.Crosshair)
    .editable()
    .link(
      new DashboardLinkBuilder('Trapline')
        .type(DashboardLinkType.Dashboards)
        .tags([TAG])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(false),
    )
    .link(
      new DashboardLinkBuilder('Bilder und Urteile / Pictures and verdicts')
        .type(DashboardLinkType.Link)
        .icon('external link')
        .url(traplineUrl(site, '/gallery'))
        .targetBlank(true),
    );
