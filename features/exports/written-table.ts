import type { ArchiveFile, ZipListWriter } from '../../libs/store/index.js';
import { csvHeader, exactCsvRows } from '../downloads/index.js';
import { columnsOf, type Row } from './cells.js';

/** A table of an archive, written row by row. */
export class WrittenTable<Name extends string> {
  private constructor(
    private readonly file: ArchiveFile,
    private readonly columns: ReturnType<typeof columnsOf<Name>>,
  ) {}

  static async open<Name extends string>(
    list: ZipListWriter,
    path: string,
    names: readonly Name[],
  ): Promise<WrittenTable<Name>> {
    const table = new WrittenTable(await list.openFile(path), columnsOf(names));
    await table.file.write(csvHeader(table.columns));
    return table;
  }

  async add(rows: readonly Row<Name>[]): Promise<void> {
    await this.file.write(exactCsvRows(this.columns, rows));
  }

  /** @param atMs when its content was true */
  async close(atMs: number): Promise<void> {
    await this.file.close(atMs);
  }

  async abandon(): Promise<void> {
    await this.file.abandon();
  }
}

/** Hands the table over, closes it when all went well, and leaves no file open when not. */
export async function withTable<Name extends string>(
  list: ZipListWriter,
  path: string,
  names: readonly Name[],
  atMs: number,
  write: (table: WrittenTable<Name>) => Promise<void>,
): Promise<void> {
  const table = await WrittenTable.open(list, path, names);
  try {
    await write(table);
    await table.close(atMs);
  } catch (error) {
    await table.abandon();
    throw error;
  }
}
