import { Counter, Histogram } from 'prom-client';
import { Problem } from '../http/index.js';

const requests = new Counter({
  name: 'trapline_predict_requests_total',
  help: 'Pictures that were sent to be classified and not kept: ok, or the code of the problem',
  labelNames: ['outcome'],
});
const seconds = new Histogram({
  name: 'trapline_predict_seconds',
  help: 'From the request for such a classification to its answer, whatever the answer is',
  buckets: [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 15, 60],
});

/** Counts a classification that somebody waits for, and how long it takes. */
export async function measured<T>(classify: () => Promise<T>): Promise<T> {
  const end = seconds.startTimer();
  try {
    const answer = await classify();
    requests.inc({ outcome: 'ok' });
    return answer;
  } catch (error) {
    requests.inc({ outcome: error instanceof Problem ? error.code : 'internal' });
    throw error;
  } finally {
    end();
  }
}
