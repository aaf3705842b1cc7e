import { Counter, Histogram } from 'prom-client';

/** What the ingest counts; `/metrics` shows it. Gauges that are read from elsewhere stand where they are read. */
export const metrics = {
  messages: new Counter({
    name: 'trapline_messages_total',
    help: 'Messages settled, by kind',
    labelNames: ['kind'],
  }),
  crops: new Counter({
    name: 'trapline_crops_total',
    help: 'Crops received: stored, same, conflict, hash-mismatch',
    labelNames: ['outcome'],
  }),
  damagedPictures: new Counter({
    name: 'trapline_damaged_pictures_total',
    help: 'Pictures whose bytes were found to be missing or wrong on the disk',
  }),
  refused: new Counter({
    name: 'trapline_refused_total',
    help: 'Messages set aside for good, by code',
    labelNames: ['code'],
  }),
  predictions: new Counter({ name: 'predictions_total', help: 'Crops classified', labelNames: ['status'] }),
  waitingForPrediction: new Histogram({
    name: 'trapline_crop_to_classification_seconds',
    help: 'From the offer to the classifier to the committed classification',
    buckets: [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 15, 60],
  }),
  observations: new Counter({ name: 'trapline_observations_total', help: 'Observations written or revised' }),
  stepFailures: new Counter({
    name: 'trapline_background_failures_total',
    help: 'Failed steps of background work',
    labelNames: ['work'],
  }),
};
