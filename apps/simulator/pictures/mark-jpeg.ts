const COMMENT = 0xfffe;
const LENGTH_BYTES = 2;

/**
 * The same picture with a comment (ITU T.81, B.2.4.5), so that no two that are sent are alike and none can be taken for
 * another. What is no JPEG stays as it is.
 */
export function markJpeg(bytes: Buffer, mark: string): Buffer {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return bytes;
  const text = Buffer.from(mark);
  const header = Buffer.alloc(4);
  header.writeUInt16BE(COMMENT, 0);
  header.writeUInt16BE(text.length + LENGTH_BYTES, 2);
  return Buffer.concat([bytes.subarray(0, 2), header, text, bytes.subarray(2)]);
}
