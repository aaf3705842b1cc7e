import {
  FrameGeometrySourceBuilder,
  FrameGeometrySourceMode,
  MapLayerOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  ControlsOptionsBuilder,
  MapCenterID,
  MapViewConfigBuilder,
  PanelBuilder,
} from '@grafana/grafana-foundation-sdk/geomap';
import { status } from '../columns.js';
import { STATUS_OF_TRAPS } from '../filters.js';
import { InfluxQuery } from '../influxql.js';
import { type Site, tilesUrl } from '../site.js';
import { titled } from '../words.js';
import { colourByThreshold, thresholds } from './look.js';

// Where a trap stands is nobody else's business: the default base map would tell a foreign server what is looked at.
const ownTiles = (site: Site) =>
  new MapLayerOptionsBuilder()
    .type('xyz')
    .name('Kacheln / Tiles')
    .config({ url: tilesUrl(site), attribution: '', minZoom: 0, maxZoom: 18 });

/** Borders of countries, which Grafana brings along. */
const borders = () =>
  new MapLayerOptionsBuilder()
    .type('geojson')
    .name('Länder / Countries')
    .config({
      src: 'public/maps/countries.geojson',
      rules: [],
      style: { color: { fixed: 'rgba(128,128,128,0.4)' }, opacity: 0.2, lineWidth: 1 },
    })
    .tooltip(false);

const markers = () =>
  new MapLayerOptionsBuilder()
    .type('markers')
    .name('Fallen / Traps')
    .location(
      new FrameGeometrySourceBuilder().mode(FrameGeometrySourceMode.Coords).latitude('lat').longitude('lon'),
    )
    .config({
      showLegend: false,
      style: {
        size: { fixed: 8, min: 4, max: 16 },
        color: { field: 'state', fixed: 'green' },
        text: { field: 'name', mode: 'field', fixed: '' },
        opacity: 0.9,
        symbol: { mode: 'fixed', fixed: 'img/icons/marker/circle.svg' },
        textConfig: { fontSize: 12, textAlign: 'center', textBaseline: 'top', offsetX: 0, offsetY: 10 },
      },
    })
    .tooltip(true);

export const mapOfTraps = (site: Site) =>
  titled(new PanelBuilder(), {
    de: 'Karte der Fallen',
    en: 'Map of traps',
    says: {
      de: 'Grün: da, blau: schläft, rot: aus. Die Karte ruft keinen fremden Server: Kacheln liegen, wenn gewünscht, auf dem eigenen.',
      en: 'Green: there, blue: asleep, red: off. The map calls no foreign server: tiles lie on your own, if you want them.',
    },
  })
    .withTarget(
      new InfluxQuery('A', {
        columns: (['lat', 'lon', 'state', 'name'] as const).map(
          (name) => `last(${status.field(name)}) AS "${name}"`,
        ),
        from: status.from,
        where: STATUS_OF_TRAPS,
        groupBy: [status.tag('trap')],
      }).asTable(),
    )
    .basemap(ownTiles(site))
    .layers([borders(), markers()])
    .view(
      new MapViewConfigBuilder()
        .id(MapCenterID.Fit)
        .allLayers(false)
        .lastOnly(false)
        .layer('Fallen / Traps')
        .padding(20)
        .maxZoom(14),
    )
    .controls(
      new ControlsOptionsBuilder().showZoom(true).mouseWheelZoom(true).showAttribution(true).showScale(true),
    )
    .colorScheme(colourByThreshold())
    .thresholds(thresholds('red', [1, 'green'], [2, 'blue']))
    .noValue('–');
