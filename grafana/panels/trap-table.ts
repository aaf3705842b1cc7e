import { DashboardLinkBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import { status } from '../columns.js';
import { InfluxQuery } from '../influxql.js';
import { type Site, traplineUrl } from '../site.js';
import { titled } from '../words.js';
import { lastOfEach, STATES } from './trap-status.js';

/** What each trap last said of itself. */
export const trapTable = (site: Site) =>
  titled(new Table(), {
    de: 'Fallen',
    en: 'Traps',
    says: { de: 'Was jede Falle zuletzt von sich sagte.', en: 'What each trap last said of itself.' },
  })
    .withTarget(
      new InfluxQuery('A', {
        ...lastOfEach(''),
        columns: (['name', 'state', 'age_s', 'battery_pct', 'temp_c', 'disk_free_mb'] as const).map(
          (name) => `last(${status.field(name)}) AS "${name}"`,
        ),
      }).asTable(),
    )
    .withTransformation({ id: 'organize', options: { excludeByName: { Time: true } } })
    .dataLinks([
      new DashboardLinkBuilder('Falle öffnen / Open the trap')
        .url(traplineUrl(site, `/traps/\${__data.fields.trap}`))
        .targetBlank(true),
    ])
    .overrideByName('trap', [{ id: 'displayName', value: 'Falle / Trap' }])
    .overrideByName('name', [{ id: 'displayName', value: 'Name' }])
    .overrideByName('state', [
      { id: 'displayName', value: 'Zustand / State' },
      { id: 'mappings', value: [STATES] },
      { id: 'custom.cellOptions', value: { type: 'color-text' } },
    ])
    .overrideByName('age_s', [
      { id: 'displayName', value: 'Letzte Nachricht vor / Last message ago' },
      { id: 'unit', value: 's' },
    ])
    .overrideByName('battery_pct', [
      { id: 'displayName', value: 'Akku / Battery' },
      { id: 'unit', value: 'percent' },
    ])
    .overrideByName('temp_c', [
      { id: 'displayName', value: 'Temperatur / Temperature' },
      { id: 'unit', value: 'celsius' },
    ])
    .overrideByName('disk_free_mb', [
      { id: 'displayName', value: 'Frei / Free' },
      { id: 'unit', value: 'decmbytes' },
    ])
    .noValue('–');
