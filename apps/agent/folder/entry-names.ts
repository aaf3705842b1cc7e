import { readTakenAt, type TakenAt } from './time/taken-at.js';

/** What the name of a crop's file says. */
interface NamedCrop {
  readonly taken: TakenAt;
  readonly track: string;
  /** True where a program has added to the name, as to that of a copy: `… (1).jpg`, `Kopie von …`. */
  readonly isCopy: boolean;
}

/** What an entry of a card is, as far as its name tells. */
type EntryKind =
  | ({ readonly is: 'crop' } & NamedCrop)
  | { readonly is: 'frame'; readonly taken: TakenAt }
  | { readonly is: 'metadata' | 'system-log' | 'session-list' | 'config' }
  /** What systems and programs leave behind, and what the trap derives from its pictures: nothing is lost with it. */
  | { readonly is: 'byproduct' }
  /** It may hold recordings, and cannot be placed: somebody has to be told. */
  | { readonly is: 'unplaced' }
  | { readonly is: 'other' };

const TIME = String.raw`\d{4}-?\d\d-?\d\d_\d\d-\d\d-\d\d[.-]\d{1,6}`;
/** What file managers, clouds and editors add to the name of a copy, behind it or before it. */
const COPY = String.raw`(?: ?\([^()]*\)|[ _-]+(?:copy|copie|kopie|copia)(?: ?\(?\d+\)?)?| \d{1,2})*`;
const CROP = new RegExp(`^(.*[_ ])?(${TIME})_(?:ID)?(\\d{1,9})_crop(?:ped)?(${COPY})\\.jpe?g$`, 'i');
const COPY_OF = /^(?:\(?\d*\)? ?)?(?:copy|copie|kopie|copia|kopia)(?: \(\d+\))? (?:of|von|de|di|van|av) /i;
const FRAME = new RegExp(`^(?:.*[_ ])?(${TIME})(?:${COPY})\\.jpe?g$`, 'i');
const DERIVED = /_(?:overlay|timelapse|raw)\.jpe?g$/i;
const LITTER =
  /^(?:\._.*|\.ds_store|\.trash.*|\.trashes|\.spotlight-v100|\.fseventsd|\.temporaryitems|\.documentrevisions-v100|\.apdisk|__macosx|thumbs\.db|ehthumbs.*\.db|desktop\.ini|icon\r?|system volume information|\$recycle\.bin|recycler|lost\+found|android|lost\.dir|~\$.*|\.~lock\..*#|.*~|\.nomedia|\..*\.sw[a-p])$/i;
/** Fragments that a repair of the file system has found, without their names. */
const FRAGMENT = /^(?:found\.\d{3}|fsck\d{4}\.\w{3}|file\d{4}\.chk)$/i;
const RECORDINGS =
  /\.(?:jpe?g|jpe|png|webp|heic|gif|bmp|tiff?|csv|tsv|xlsx?|xlsm|ods|numbers|zip|7z|rar|tar|gz|tgz|bz2|xz|zst|chk)$/i;
const TABLE = /\.(?:csv|tsv|txt)$/i;

export function kindOf(name: string): EntryKind {
  if (LITTER.test(name)) return { is: 'byproduct' };
  if (FRAGMENT.test(name)) return { is: 'unplaced' };
  const crop = namedCrop(name);
  if (crop) return { is: 'crop', ...crop };
  if (DERIVED.test(name)) return { is: 'byproduct' };
  const frame = FRAME.exec(name)?.[1];
  const taken = frame === undefined ? undefined : readTakenAt(frame);
  if (taken) return { is: 'frame', taken };
  if (TABLE.test(name)) {
    if (/session_info|record_log/i.test(name)) return { is: 'session-list' };
    if (/system_log|info_log/i.test(name)) return { is: 'system-log' };
    // Results of insect-detect's own post-processing hold nothing that the card does not.
    if (/metadata_classified|_top1_/i.test(name)) return { is: 'byproduct' };
    if (/metadata/i.test(name)) return { is: 'metadata' };
  }
  if (/\.json$/i.test(name)) return { is: 'config' };
  return { is: RECORDINGS.test(name) ? 'unplaced' : 'other' };
}

/** @returns undefined where the file is no crop */
export function namedCrop(name: string): NamedCrop | undefined {
  const [, prefix, time, track, suffix] = CROP.exec(name.normalize('NFC')) ?? [];
  const taken = time === undefined ? undefined : readTakenAt(time);
  if (!taken || track === undefined) return undefined;
  return { taken, track: String(Number(track)), isCopy: suffix !== '' || COPY_OF.test(prefix ?? '') };
}

/** Folders whose pictures are derived, or none of the trap's data: they are not read. */
const NOT_READ = /^(?:overlays?|timelapse|logs?|configs?|models|data_archived|node_modules|\..+)$/i;
const SYSTEM = /^(?:bin|boot|dev|etc|lib\d*|opt|proc|run|sbin|snap|srv|sys|tmp|usr|var)$/;

export const isReadFolder = (name: string, isSystemRoot = false): boolean =>
  !NOT_READ.test(name) && !LITTER.test(name) && !FRAGMENT.test(name) && !(isSystemRoot && SYSTEM.test(name));

const SESSION = /(?:^|[^\d])(\d{4}-?\d\d-?\d\d_\d\d-\d\d(?:-\d\d)?)(?![\d.]|-\d)/;
/** What is written about a session, besides its pictures, bears its start. */
const SESSION_FILE =
  /^(?:metadata_)?(\d{4}-?\d\d-?\d\d_\d\d-\d\d(?:-\d\d)?)(?:_[^.]*|)(?: ?\(\d+\))?\.(?:csv|json)$/i;

/** The start of the session that a folder of this name holds: its name, whatever a copy has added to it. */
export function sessionName(folder: string): string | undefined {
  const [, name] = SESSION.exec(folder) ?? [];
  return name !== undefined && readTakenAt(name) ? name : undefined;
}

/** The same of a file in the folder, where the folder was renamed. */
export function sessionNameOfFile(file: string): string | undefined {
  const [, name] = SESSION_FILE.exec(file) ?? [];
  return name !== undefined && readTakenAt(name) ? name : undefined;
}
