import { BigValueColorMode, BigValueGraphMode } from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { InfluxQuery, type Select } from '../influxql.js';
import { titled, type Words } from '../words.js';
import { colourByThreshold, reduceTo, thresholds } from './look.js';

/** One figure. A count over nothing has no series in InfluxQL: then it shows 0, or what `noValue` says. */
export const figure = (words: Words, query: Select, noValue = '0'): PanelBuilder =>
  titled(new PanelBuilder(), words)
    .withTarget(new InfluxQuery('A', query).named(words.en))
    .reduceOptions(reduceTo('lastNotNull'))
    .graphMode(BigValueGraphMode.None)
    .colorMode(BigValueColorMode.Value)
    .colorScheme(colourByThreshold())
    .thresholds(thresholds('green'))
    .unit('short')
    .decimals(0)
    .noValue(noValue);
