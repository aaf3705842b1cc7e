import type { z } from 'zod';
import { type ModelCard, modelKey } from '../../libs/classifier/index.js';
import type { Links } from './links.js';
import type { LABELS, MODEL } from './model-schema.js';

/** What of a card a list shows. */
export function modelView(
  card: ModelCard,
  activeKey: string | undefined,
  links: Links,
): z.output<typeof MODEL> {
  const { id, version, description, file, input, labels, licence, citation, source, metrics, decision } =
    card;
  const key = modelKey(card);
  return {
    key,
    name: id,
    version,
    active: key === activeKey,
    demo: card.demo ?? false,
    description,
    sha256: file.sha256 ?? null,
    bytes: file.bytes,
    licence,
    citation,
    source,
    labels: labels.length,
    input,
    decision,
    metrics,
    links: { self: links.model(key) },
  };
}

/** The labels of a card, in the order of the model's output. */
export const labelViews = (card: ModelCard): z.output<typeof LABELS>['items'] =>
  card.labels.map(({ index: _index, id, kind, ...rest }) => ({
    label: id,
    kind,
    insect: kind !== 'non_insect',
    ...rest,
  }));
