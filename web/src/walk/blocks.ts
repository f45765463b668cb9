// Files in the browser's durable storage, as small blocks by the hash of the whole: they are written while they arrive and
// read where they are heard, and never lie in memory as a whole.

/** 256 frames of MP3. Larger ones Chromium holds in memory longer than it should. */
export const blockBytes = 256 * 384;

/** Of one file: how many bytes from its beginning on are stored, and whether all of them were found to be right. */
export interface Stored {
  readonly sha256: string;
  readonly have: number;
  readonly checked: boolean;
}

export interface Blocks {
  known(): Promise<Stored[]>;
  /** Block n, and with it what is known of the file: in one step. Rejects with QuotaExceededError on a full disk. */
  write(n: number, bytes: Uint8Array, stored: Stored): Promise<void>;
  note(stored: Stored): Promise<void>;
  read(sha256: string, n: number): Promise<Uint8Array>;
  drop(sha256: string): Promise<void>;
}

const [files, blocks] = ['files', 'blocks'] as const;

function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the storage failed'));
  });
}

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error('the storage failed'));
  });
}

export class StoredBlocks implements Blocks {
  private opened: Promise<IDBDatabase> | undefined;

  constructor(private readonly factory: () => IDBFactory = () => indexedDB) {}

  async known(): Promise<Stored[]> {
    const store = (await this.database()).transaction(files).objectStore(files);
    return answered(store.getAll() as IDBRequest<Stored[]>);
  }

  async write(n: number, bytes: Uint8Array, stored: Stored): Promise<void> {
    const transaction = (await this.database()).transaction([files, blocks], 'readwrite');
    const done = finished(transaction);
    transaction.objectStore(blocks).put(bytes, [stored.sha256, n]);
    transaction.objectStore(files).put(stored);
    await done;
  }

  async note(stored: Stored): Promise<void> {
    const transaction = (await this.database()).transaction(files, 'readwrite');
    const done = finished(transaction);
    transaction.objectStore(files).put(stored);
    await done;
  }

  async read(sha256: string, n: number): Promise<Uint8Array> {
    const store = (await this.database()).transaction(blocks).objectStore(blocks);
    const bytes: unknown = await answered(store.get([sha256, n]));
    if (!(bytes instanceof Uint8Array)) throw new Error(`block ${n} is gone`);
    return bytes;
  }

  async drop(sha256: string): Promise<void> {
    const transaction = (await this.database()).transaction([files, blocks], 'readwrite');
    const done = finished(transaction);
    transaction.objectStore(files).delete(sha256);
    transaction.objectStore(blocks).delete(IDBKeyRange.bound([sha256, 0], [sha256, Number.MAX_SAFE_INTEGER]));
    await done;
  }

  private database(): Promise<IDBDatabase> {
    this.opened ??= this.open();
    this.opened.catch(() => (this.opened = undefined)); // and is tried anew at the next call
    return this.opened;
  }

  private async open(): Promise<IDBDatabase> {
    const request = this.factory().open('tutti-walk', 2);
    request.onupgradeneeded = () => {
      // Version 1 had blocks of another length.
      for (const name of [...request.result.objectStoreNames]) request.result.deleteObjectStore(name);
      request.result.createObjectStore(files, { keyPath: 'sha256' });
      request.result.createObjectStore(blocks);
    };
    const database = await answered(request);
    database.onclose = () => (this.opened = undefined);
    database.onversionchange = () => database.close();
    return database;
  }
}
