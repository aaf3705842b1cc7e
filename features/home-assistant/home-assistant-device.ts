import { createHash } from 'node:crypto';
import { topicOf } from '../../libs/protocol/index.js';

const ORIGIN = { name: 'Trapline' };
/** What Home Assistant takes in the topic of a device. */
const OBJECT_ID = /^[A-Za-z0-9_-]+$/;

/** What is known of a trap, as far as people want to see it. */
interface DeviceWords {
  readonly name: string | undefined;
  readonly software: string | undefined;
  readonly camera: string | undefined;
  /** Where more of it is to be seen. */
  readonly url: string | undefined;
}

type Language = 'en' | 'de';

/** Home Assistant does not translate what MQTT discovery calls an entity. */
const WORDS = {
  en: {
    online: 'Online',
    battery: 'Battery',
    visitsToday: 'Visits today',
    visits: 'visits',
    lastInsect: 'Last insect',
  },
  de: {
    online: 'Verbunden',
    battery: 'Akku',
    visitsToday: 'Besuche heute',
    visits: 'Besuche',
    lastInsect: 'Letztes Insekt',
  },
} as const;

/** The topic on which the device is described. Ids may hold dots, which Home Assistant does not take. */
export function discoveryTopic(prefix: string, trapId: string): string {
  const hash = createHash('sha256').update(trapId).digest('hex').slice(0, 8);
  const objectId = OBJECT_ID.test(trapId) ? trapId : `${trapId.replaceAll('.', '_')}-${hash}`;
  return `${prefix}/device/${objectId}/config`;
}

/**
 * A trap as a device of Home Assistant (MQTT discovery, the form for whole devices): its entities, each with the topic of
 * the contract that says it and how it is read there. A message that does not say it leaves it as it was.
 */
export function discoveryPayload(
  trapId: string,
  { name, software, camera, url }: DeviceWords,
  language: Language,
): string {
  const words = WORDS[language];
  const otherLanguage = language === 'en' ? 'de' : 'en';
  const id = `trapline-${trapId}`;
  const component = (key: string, fields: object) => ({ unique_id: `${id}-${key}`, qos: 1, ...fields });
  return JSON.stringify({
    device: {
      identifiers: [id],
      name: name ?? trapId,
      manufacturer: ORIGIN.name,
      model: camera,
      sw_version: software,
      configuration_url: url,
    },
    origin: ORIGIN,
    components: {
      online: component('online', {
        platform: 'binary_sensor',
        name: words.online,
        device_class: 'connectivity',
        entity_category: 'diagnostic',
        state_topic: topicOf.status(trapId),
        // A trap may clear its status: then nobody knows.
        value_template:
          "{{ 'ON' if value_json is defined and value_json.state == 'online' else 'OFF' if value_json is defined else 'None' }}",
        json_attributes_topic: topicOf.status(trapId),
      }),
      battery: component('battery', {
        platform: 'sensor',
        name: words.battery,
        device_class: 'battery',
        state_class: 'measurement',
        unit_of_measurement: '%',
        entity_category: 'diagnostic',
        state_topic: topicOf.telemetry(trapId),
        // Nothing is no number, and is passed over; so is what a battery says that cannot be read.
        value_template:
          '{% if value_json.batteryPct is number and 0 <= value_json.batteryPct <= 100 %}{{ value_json.batteryPct }}{% endif %}',
      }),
      visits_today: component('visits-today', {
        platform: 'sensor',
        name: words.visitsToday,
        icon: 'mdi:bee',
        state_class: 'measurement',
        unit_of_measurement: words.visits,
        state_topic: topicOf.today(trapId),
        value_template: '{{ value_json.visits }}',
      }),
      last_insect: component('last-insect', {
        platform: 'sensor',
        name: words.lastInsect,
        icon: 'mdi:ladybug',
        state_topic: topicOf.last(trapId),
        // What people call it, else its scientific name, else the label. What is no insect leaves the last one.
        value_template: `{% set names = value_json.names | default({}) %}{{ (names.${language} | default(names.${otherLanguage}) | default(value_json.taxon) | default(value_json.label)) if value_json.insect | default(true) else this.state }}`,
        json_attributes_topic: topicOf.last(trapId),
      }),
    },
  });
}
