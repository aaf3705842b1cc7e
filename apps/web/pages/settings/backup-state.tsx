import { useJobs } from '../../api/jobs.js';
import { Code } from '../../components/code.js';
import { Failed } from '../../components/failed.js';
import { JobLine } from '../../components/job-line.js';
import { settingsWords as t } from '../../texts/settings.js';
import { whenOr } from './people.js';

const MAKE = 'npm run trapline -- backup /mnt/usb/trapline';
const TRY = `npm run trapline -- restore /mnt/usb/trapline --check
npm run trapline -- restore /mnt/usb/trapline --to /tmp/trial`;

/** When everything was last copied to another place, and how that is done. */
export function BackupState() {
  const { jobs, data, error, reload } = useJobs(['backup']);
  const last = jobs.find(({ state }) => state === 'done');
  return (
    <>
      <section class="card roomy stack">
        <h2>{t.backup}</h2>
        {error && <Failed error={error} onRetry={reload} />}
        {data && <p>{last ? t.lastBackup(whenOr(last.endedAt, '')) : t.noBackups}</p>}
        <p class="quiet">{t.backupHow}</p>
        <Code text={MAKE} />
        <p class="quiet">{t.backupTry}</p>
        <Code text={TRY} />
      </section>
      {jobs.length > 0 && (
        <section class="card roomy">
          <h2>{t.backups}</h2>
          {jobs.map((job) => (
            <JobLine key={job.id} job={job} />
          ))}
        </section>
      )}
    </>
  );
}
