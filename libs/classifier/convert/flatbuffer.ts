/** Thrown where a FlatBuffer points outside of its own bytes, or says more than a model can. */
export class BrokenFileError extends Error {
  override readonly name = 'BrokenFileError';
}

/** No vector of a model that can be converted has more elements (operators, tensors, dimensions, names). */
const MAX_ELEMENTS = 1 << 20;

/**
 * Reads one table of a FlatBuffer. The `flatbuffers` package reads zeros where a file ends too early; here every offset is
 * checked, since model files come from anywhere.
 *
 * Fields are named by their position in the schema. A field that the file leaves out has its default value.
 */
export class Table {
  private constructor(
    private readonly view: DataView,
    private readonly at: number,
  ) {}

  /** The root table. @throws BrokenFileError */
  static root(bytes: Uint8Array): Table {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Table.follow(view, 0);
  }

  private static follow(view: DataView, at: number): Table {
    const table = new Table(view, at + readAt(view, 'getUint32', at, 4));
    table.slot(0); // the table and its field list have to lie within the file
    return table;
  }

  int8(field: number, absent = 0): number {
    return this.scalar(field, 'getInt8', 1) ?? absent;
  }

  int32(field: number, absent = 0): number {
    return this.scalar(field, 'getInt32', 4) ?? absent;
  }

  uint32(field: number, absent = 0): number {
    return this.scalar(field, 'getUint32', 4) ?? absent;
  }

  float32(field: number, absent = 0): number {
    return this.scalar(field, 'getFloat32', 4) ?? absent;
  }

  bool(field: number): boolean {
    return this.int8(field) !== 0;
  }

  table(field: number): Table | undefined {
    const at = this.slot(field);
    return at === undefined ? undefined : Table.follow(this.view, at);
  }

  tables(field: number): Table[] {
    const vector = this.vector(field, 4, MAX_ELEMENTS);
    return Array.from({ length: vector.count }, (_, i) => Table.follow(this.view, vector.start + 4 * i));
  }

  int32s(field: number): number[] {
    const { start, count } = this.vector(field, 4, MAX_ELEMENTS);
    return Array.from({ length: count }, (_, i) => this.view.getInt32(start + 4 * i, true));
  }

  float32s(field: number): number[] {
    const { start, count } = this.vector(field, 4, MAX_ELEMENTS);
    return Array.from({ length: count }, (_, i) => this.view.getFloat32(start + 4 * i, true));
  }

  int64s(field: number): number[] {
    const { start, count } = this.vector(field, 8, MAX_ELEMENTS);
    return Array.from({ length: count }, (_, i) => Number(this.view.getBigInt64(start + 8 * i, true)));
  }

  /** The bytes of a vector of bytes, without a copy. */
  bytes(field: number): Uint8Array {
    const { start, count } = this.vector(field, 1, this.view.byteLength);
    return new Uint8Array(this.view.buffer, this.view.byteOffset + start, count);
  }

  text(field: number): string {
    return new TextDecoder().decode(this.bytes(field));
  }

  private scalar(
    field: number,
    read: 'getInt8' | 'getInt32' | 'getUint32' | 'getFloat32',
    bytes: number,
  ): number | undefined {
    const at = this.slot(field);
    return at === undefined ? undefined : readAt(this.view, read, at, bytes);
  }

  private vector(field: number, elementBytes: number, most: number): { start: number; count: number } {
    const slot = this.slot(field);
    if (slot === undefined) return { start: 0, count: 0 };
    const at = slot + readAt(this.view, 'getUint32', slot, 4);
    const count = readAt(this.view, 'getUint32', at, 4);
    const start = at + 4;
    if (count > most || start + count * elementBytes > this.view.byteLength)
      throw new BrokenFileError(`a list of ${count} elements at byte ${at} does not end within the file`);
    return { start, count };
  }

  /** Where the value of a field stands; undefined where the file leaves it out. */
  private slot(field: number): number | undefined {
    const fields = this.at - readAt(this.view, 'getInt32', this.at, 4);
    const bytes = readAt(this.view, 'getUint16', fields, 2);
    const entry = 4 + 2 * field;
    if (entry + 2 > bytes) return undefined;
    const offset = readAt(this.view, 'getUint16', fields + entry, 2);
    return offset === 0 ? undefined : this.at + offset;
  }
}

function readAt(
  view: DataView,
  read: 'getInt8' | 'getInt32' | 'getUint16' | 'getUint32' | 'getFloat32',
  at: number,
  bytes: number,
): number {
  if (!(at >= 0 && at + bytes <= view.byteLength))
    throw new BrokenFileError(`byte ${at} is outside of the file of ${view.byteLength} bytes`);
  return view[read](at, true);
}
