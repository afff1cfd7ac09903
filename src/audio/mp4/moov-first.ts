/** A box (ISO/IEC 14496-12, 4.2): `[start, end)` in bytes, its content from `body`. */
interface Box {
  readonly type: string
  readonly start: number
  readonly body: number
  readonly end: number
}

/**
 * Moves `moov` before `mdat`, so that an MP4 file can be read without seeking, and adjusts its chunk offsets. Returns
 * the file itself, not copied, if it is so already or has no `moov`.
 */
export function moovFirst(bytes: Uint8Array): Uint8Array {
  const boxes = boxesIn(bytes, 0, bytes.length)
  const moov = boxes.find(({ type }) => type === 'moov')
  const mdat = boxes.find(({ type }) => type === 'mdat')
  if (!moov || !mdat || moov.start < mdat.start) return bytes
  const head = bytes.slice(moov.start, moov.end)
  moveOffsets(head, moov.end - moov.start, moov.start)
  return Buffer.concat([
    bytes.subarray(0, mdat.start),
    head,
    bytes.subarray(mdat.start, moov.start),
    bytes.subarray(moov.end),
  ])
}

/** Adds `by` to each chunk offset below `limit`, in place. */
function moveOffsets(moov: Uint8Array, by: number, limit: number): void {
  const view = new DataView(moov.buffer, moov.byteOffset, moov.byteLength)
  for (const table of tablesIn(moov, { type: 'moov', start: 0, body: 8, end: moov.length })) {
    const width = table.type === 'co64' ? 8 : 4
    // 8.7.5: version and flags, number of entries, entries.
    const entries = table.body + 8
    const claimed = entries <= table.end ? view.getUint32(table.body + 4) : 0
    const count = Math.min(claimed, Math.floor((table.end - entries) / width))
    for (let at = entries; at < entries + count * width; at += width) {
      if (width === 8) {
        const offset = view.getBigUint64(at)
        if (offset < limit) view.setBigUint64(at, offset + BigInt(by))
      } else {
        const offset = view.getUint32(at)
        if (offset < limit) view.setUint32(at, offset + by)
      }
    }
  }
}

const containers = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl'])

function* tablesIn(bytes: Uint8Array, box: Box): Generator<Box> {
  for (const inner of boxesIn(bytes, box.body, box.end)) {
    if (inner.type === 'stco' || inner.type === 'co64') yield inner
    else if (containers.has(inner.type)) yield* tablesIn(bytes, inner)
  }
}

/** The consecutive boxes in `[start, end)`; stops at one that does not fit. */
function boxesIn(bytes: Uint8Array, start: number, end: number): Box[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const boxes: Box[] = []
  for (let at = start; at + 8 <= end;) {
    let size = view.getUint32(at)
    let body = at + 8
    if (size === 1 && at + 16 <= end) {
      size = Number(view.getBigUint64(at + 8))
      body = at + 16
    } else if (size === 0) size = end - at // to the end
    if (size < body - at || at + size > end) break
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1')
    boxes.push({ type, start: at, body, end: at + size })
    at += size
  }
  return boxes
}
