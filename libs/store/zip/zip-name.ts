const NAME_BYTES = 0xffff;
// Control characters, and what Windows takes for a folder or a drive.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const NOT_IN_A_NAME = /[\u0000-\u001f\u007f\\:]/;

/** What Windows refuses, takes for a device, or cuts off. */
const NOT_ON_WINDOWS = /[<>"|?*]|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * A name is taken where every program on every system unpacks it below the folder it was told, under this very name:
 * relative, no empty part, no `.` or `..`, no backslash, no drive, no device of Windows, no dot or space at the end.
 *
 * @throws Error with the name, otherwise
 */
export function checkZipName(name: string): void {
  const parts = name.split('/');
  const isSafe =
    !NOT_IN_A_NAME.test(name) &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..' && !NOT_ON_WINDOWS.test(part));
  if (!isSafe || Buffer.byteLength(name) > NAME_BYTES)
    throw new Error(`not a name for a file in a ZIP archive: ${JSON.stringify(name.slice(0, 300))}`);
}
