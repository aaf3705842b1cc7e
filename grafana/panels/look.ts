import {
  type LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  FieldColorBuilder,
  FieldColorModeId,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';

/** The colour of a label goes by its name, and is the same in every panel. */
export const colourByName = () => new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName);
export const colourByThreshold = () => new FieldColorBuilder().mode(FieldColorModeId.Thresholds);
export const colourByCount = () => new FieldColorBuilder().mode(FieldColorModeId.ContinuousBlues);

/** @param steps from which value on which colour; the first one begins without a bound */
export const thresholds = (first: string, ...steps: readonly (readonly [value: number, color: string])[]) =>
  new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([{ value: null, color: first }, ...steps.map(([value, color]) => ({ value, color }))]);

/** One figure out of a series. */
export const reduceTo = (calculation: 'sum' | 'lastNotNull' | 'max' | 'mean') =>
  new ReduceDataOptionsBuilder().calcs([calculation]).values(false);
/** Each row of a table by itself. */
export const everyRow = () => new ReduceDataOptionsBuilder().calcs([]).values(true).limit(50);

export const legend = (displayMode: LegendDisplayMode, ...calcs: readonly string[]) =>
  new VizLegendOptionsBuilder()
    .displayMode(displayMode)
    .placement(LegendPlacement.Bottom)
    .showLegend(true)
    .calcs([...calcs]);

export const tooltipOfAll = () =>
  new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending);
