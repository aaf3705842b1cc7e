const { default: Sequencer } = require('@jest/test-sequencer');

/** What takes longest on a machine that has not run the tests before, and so does not know. */
const LONGEST = [
  'test/kill.spec.ts',
  'test/agent.spec.ts',
  'test/time-series-loss.spec.ts',
  'test/backup.spec.ts',
  'apps/station/cli/main.spec.ts',
  'test/doctor.spec.ts',
  'test/grafana-queries.spec.ts',
  'test/send-over-http.spec.ts',
  'test/retention.spec.ts',
  'test/fuzz.spec.ts',
];

/** Long files first, so that none of them is left for one process alone while the others have nothing to do. */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const at = LONGEST.findIndex((name) => path.endsWith(name));
      return at === -1 ? LONGEST.length : at;
    };
    return super.sort(tests).sort((one, other) => rank(one) - rank(other));
  }
};
