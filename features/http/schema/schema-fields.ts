import { z } from 'zod';

/** What answers are made of, for their schemas. */
export const instant = () =>
  z.iso
    .datetime()
    .meta({ wire: { type: 'string', format: 'date-time', examples: ['2026-06-01T08:00:00.000Z'] } });

/** A number in [0, 1]. */
export const share = () => z.number().min(0).max(1);

export const count = () => z.int().min(0);

export const sha256 = () => z.string().regex(/^[0-9a-f]{64}$/);

/** Where another thing is found; it begins with TRAPLINE_PUBLIC_URL where that is set. */
export const link = () => z.string().meta({ format: 'uri-reference' });

/** A page of a list. */
export const page = <T extends z.ZodType>(item: T) =>
  z.strictObject({
    items: z.array(item),
    next: z.string().optional().meta({ description: 'For `after`, where there is more' }),
  });

/** Fields that the contract does not name, for those who may know a place. */
export const extraFields = () => z.record(z.string(), z.unknown());
