import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
} from '@grafana/grafana-foundation-sdk/dashboard';

const TAG = 'trapline';

/** What our dashboards have in common: the reader's time zone, the menu from one to the other. */
export const frame = (uid: string, title: string, description: string): DashboardBuilder =>
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
    );
