import { describe, expect, it } from '@jest/globals';
import { mosquittoAcl } from './mosquitto-acl.js';

describe('mosquittoAcl', () => {
  it('writes the rules of the contract', () => {
    expect(mosquittoAcl('trapline', [{ user: 'anna@lab' }]).split('\n')).toEqual([
      '# Generated from the topics of Trapline. Generate it again rather than edit it.',
      '',
      'user trapline',
      'topic readwrite traps/v1/#',
      'topic readwrite alerts/v1/#',
      'topic readwrite homeassistant/#',
      '',
      'user anna@lab',
      'topic read traps/v1/+/status',
      'topic read traps/v1/+/telemetry',
      'topic read traps/v1/+/sessions/+',
      'topic read traps/v1/+/runs/+/meta',
      'topic read traps/v1/+/runs/+/crops/+',
      'topic read traps/v1/+/runs/+/end',
      'topic read traps/v1/+/runs/+/receipt',
      'topic read traps/v1/+/runs/+/result',
      'topic read traps/v1/+/last',
      'topic read traps/v1/+/today',
      'topic read traps/v1/+/problem',
      'topic read traps/v1/+/config',
      'topic read traps/v1/+/config/applied',
      'topic read traps/v1/+/command/+',
      'topic read traps/v1/+/command/+/answer',
      'topic read alerts/v1/+',
      'topic read homeassistant/#',
      'topic write homeassistant/status',
      '',
      '# Every trap, under its own user name',
      'pattern write traps/v1/%u/status',
      'pattern write traps/v1/%u/info',
      'pattern write traps/v1/%u/telemetry',
      'pattern write traps/v1/%u/sessions/+',
      'pattern write traps/v1/%u/runs/+/meta',
      'pattern write traps/v1/%u/runs/+/crops/+',
      'pattern write traps/v1/%u/runs/+/end',
      'pattern read traps/v1/%u/runs/+/receipt',
      'pattern read traps/v1/%u/runs/+/result',
      'pattern read traps/v1/%u/last',
      'pattern read traps/v1/%u/today',
      'pattern read traps/v1/%u/problem',
      'pattern read traps/v1/%u/config',
      'pattern write traps/v1/%u/config/applied',
      'pattern read traps/v1/%u/command/+',
      'pattern write traps/v1/%u/command/+/answer',
      '',
    ]);
  });

  it('lets a viewer of some traps read of these alone', () => {
    const acl = mosquittoAcl('trapline', [{ user: 'anna@lab', traps: ['meadow-1', 'meadow-2'] }]);
    const [, own = ''] = acl.split('user anna@lab\n');
    const [rules = ''] = own.split('\n\n');
    expect(rules).toContain('topic read traps/v1/meadow-2/runs/+/result');
    expect(rules.split('\n').filter((rule) => !/^topic read traps\/v1\/meadow-[12]\//.test(rule))).toEqual(
      [],
    );
  });

  it('refuses names that would add rules or open other topics', () => {
    for (const name of ['', 'a\ntopic readwrite #', 'a b', '+', 'a/b', 'a:b']) {
      expect(() => mosquittoAcl(name)).toThrow(RangeError);
    }
  });

  it('refuses a viewer whose name a trap could have', () => {
    expect(() => mosquittoAcl('trapline', [{ user: 'anna' }])).toThrow(RangeError);
  });
});
