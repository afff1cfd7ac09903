/**
 * A file in the browser's database, as bytes: WebKit keeps no `Blob` there in private windows, and elsewhere may have lost
 * what one stood for. A `Blob` is what earlier versions of the page stored.
 */
export type StoredFile = Blob | { readonly type: string; readonly bytes: ArrayBuffer }

export async function storable(file: Blob): Promise<StoredFile> {
  return { type: file.type, bytes: await file.arrayBuffer() }
}

export function asBlob(stored: StoredFile): Blob {
  return stored instanceof Blob ? stored : new Blob([stored.bytes], { type: stored.type })
}

export function sizeOf(stored: StoredFile): number {
  return stored instanceof Blob ? stored.size : stored.bytes.byteLength
}
