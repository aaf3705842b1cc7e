import { describe, expect, it } from '@jest/globals';
import { dayAt } from './home-assistant.js';
import { discoveryPayload, discoveryTopic } from './home-assistant-device.js';

describe('discoveryTopic', () => {
  it('names the trap where Home Assistant takes its id', () => {
    expect(discoveryTopic('homeassistant', 'meadow-1')).toBe('homeassistant/device/meadow-1/config');
  });

  it('keeps ids apart that Home Assistant would not take', () => {
    const topics = ['a.b', 'a_b', 'a.b.'].map((id) => discoveryTopic('ha', id));
    expect(new Set(topics).size).toBe(3);
    for (const topic of topics) expect(topic).toMatch(/^ha\/device\/[a-zA-Z0-9_-]+\/config$/);
  });
});

describe('discoveryPayload', () => {
  it('leaves out what nobody has said of the trap', () => {
    const nothing = { name: undefined, software: undefined, camera: undefined, url: undefined };
    expect(JSON.parse(discoveryPayload('meadow-1', nothing, 'en')).device).toEqual({
      identifiers: ['trapline-meadow-1'],
      name: 'meadow-1',
      manufacturer: 'Trapline',
    });
  });
});

it('speaks the language of the settings, and falls back to the other name', () => {
  const words = { name: undefined, software: undefined, camera: undefined, url: undefined };
  const { components } = JSON.parse(discoveryPayload('meadow-1', words, 'de'));
  expect(components.last_insect.name).toBe('Letztes Insekt');
  expect(components.last_insect.value_template).toContain(
    'names.de | default(names.en) | default(value_json.taxon) | default(value_json.label)',
  );
});

describe('dayAt', () => {
  it('is the day at the trap, from its midnight on', () => {
    expect(dayAt(Date.UTC(2026, 5, 1, 22, 30), 'Europe/Berlin')).toEqual({
      day: '2026-06-02',
      fromMs: Date.UTC(2026, 5, 1, 22),
      toMs: Date.UTC(2026, 5, 2, 22),
    });
  });

  it('begins at midnight on the day when the clocks change', () => {
    expect(dayAt(Date.UTC(2026, 2, 29, 12), 'Europe/Berlin').fromMs).toBe(Date.UTC(2026, 2, 28, 23));
    expect(dayAt(Date.UTC(2026, 9, 25, 12), 'Europe/Berlin').fromMs).toBe(Date.UTC(2026, 9, 24, 22));
    expect(dayAt(Date.UTC(2026, 9, 25, 12), 'Europe/Berlin').toMs).toBe(Date.UTC(2026, 9, 25, 23));
  });
});
