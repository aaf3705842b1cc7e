import type { Trap } from '../../../../libs/api-types/index.js';
import { Field, textOf } from '../../components/form.js';
import { oneTrapWords, newTrapWords as t } from '../../texts/traps.js';

/** A time zone, by its IANA name: the browser knows them all but UTC, and some by an older name than the service's. */
export const ZoneField = ({ zone }: { readonly zone: string }) => (
  <div class="field">
    <label for="zone">{t.timeZone}</label>
    <select class="input" id="zone" name="timeZone">
      {[...new Set([zone, 'UTC', ...Intl.supportedValuesOf('timeZone')])].map((each) => (
        <option key={each} value={each} selected={each === zone}>
          {each}
        </option>
      ))}
    </select>
  </div>
);

/** Where a trap stands, in degrees: fields that `readPlace` reads. */
export const PlaceFields = ({ place = null }: { readonly place?: Trap['place'] }) => (
  <div class="fields-2">
    {(['latitude', 'longitude'] as const).map((each) => (
      <Field
        key={each}
        id={each}
        class="input num"
        label={oneTrapWords[each]}
        inputMode="decimal"
        defaultValue={place?.[each].toString() ?? ''}
      />
    ))}
  </div>
);

export const readPlace = (values: FormData) => ({
  latitude: degreesOf(textOf(values, 'latitude')),
  longitude: degreesOf(textOf(values, 'longitude')),
});

/** With a point or a comma; undefined for nothing, NaN for what is no number. */
const degreesOf = (text: string): number | undefined =>
  text ? Number(text.replace(',', '.').replace('−', '-').replace(/°$/, '')) : undefined;
