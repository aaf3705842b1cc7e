/** What every download says of itself. */
export const DOWNLOAD_HEADERS = {
  'Content-Disposition': 'A name for the file that holds what was asked for',
  'X-Trapline-Filter': 'The filter as it would stand in a URL; `none` for everything',
  'X-Trapline-Version': 'Of the software',
};

/** What an archive says beside that. */
export const ARCHIVE_HEADERS = {
  ...DOWNLOAD_HEADERS,
  ETag: 'Of this list of pictures: send it as `If-Range` to go on with exactly this archive',
  'Last-Modified': 'When the list was made',
  'Accept-Ranges': '`bytes`',
};

/** What a client may send to get a part of an archive. */
export const RANGE_HEADERS = {
  Range: { description: 'Only these bytes', example: 'bytes=1048576-' },
  'If-Range': {
    description: 'Only if the archive is still this one; otherwise the whole of another',
    example: '"0d6f…"',
  },
};
