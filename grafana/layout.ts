import type { DashboardBuilder, GridPos, Panel } from '@grafana/grafana-foundation-sdk/dashboard';

/** What the SDK's panel builders have in common. */
export interface PlaceablePanel {
  id(id: number): this;
  gridPos(at: GridPos): this;
  build(): Panel;
}

export interface Place {
  readonly id: number;
  /** Of 24 columns. */
  readonly width: number;
  readonly panel: PlaceablePanel;
}

/** Panels beside each other, all of one height. */
export interface Row {
  readonly height: number;
  readonly places: readonly Place[];
}

const COLUMNS = 24;

/**
 * Puts rows of panels under each other.
 *
 * @throws if a row is wider than the grid: Grafana would push its panels around
 */
export function place(dashboard: DashboardBuilder, rows: readonly Row[]): DashboardBuilder {
  let y = 0;
  for (const { height, places } of rows) {
    let x = 0;
    for (const { id, width, panel } of places) {
      if (x + width > COLUMNS) throw new Error(`panel ${id} does not fit into its row`);
      dashboard.withPanel(panel.id(id).gridPos({ x, y, w: width, h: height }));
      x += width;
    }
    y += height;
  }
  return dashboard;
}
