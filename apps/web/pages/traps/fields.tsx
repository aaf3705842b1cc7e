import { newTrapWords as t } from '../../texts/traps.js';

/** A time zone, by its IANA name: the browser knows them all. */
export const ZoneField = ({ zone }: { readonly zone: string }) => (
  <div class="field">
    <label for="zone">{t.timeZone}</label>
    <input class="input" id="zone" name="timeZone" list="zones" defaultValue={zone} required />
    <datalist id="zones">
      {Intl.supportedValuesOf('timeZone').map((each) => (
        <option key={each} value={each} />
      ))}
    </datalist>
  </div>
);
