import type { BookFile, Table } from './m4b.ts'

/** The sizes of a chapter's frames, in little room: two bytes a frame and twelve a clip. */
export interface ChapterSizes {
  /** Bytes of each frame, of all its clips in a row. */
  readonly frames: Uint16Array
  /** How many frames there are before each clip, and at the end how many in all. */
  readonly framesBefore: Uint32Array
  /** How many bytes of frames there are before each clip, and at the end how many in all. */
  readonly bytesBefore: Float64Array
}

/** `[from, to)` in bytes of a chapter's rows in a table of the file. */
export function tableRows(
  file: BookFile,
  table: Table,
  chapter: number,
  { frames, framesBefore, bytesBefore }: ChapterSizes,
  from: number,
  to: number,
): Uint8Array {
  if (table === 'sizes') return rows(4, from, to, (view, at, frame) => view.setUint32(at, frames[frame]!))
  if (table === 'chunks') {
    return rows(12, from, to, (view, at, clip) => {
      view.setUint32(at, file.clipsBefore[chapter]! + clip + 1)
      view.setUint32(at + 4, framesBefore[clip + 1]! - framesBefore[clip]!)
      view.setUint32(at + 8, 1) // sample description
    })
  }
  return rows(file.offsetBytes, from, to, (view, at, clip) => {
    const offset = file.chapterStarts[chapter]! + bytesBefore[clip]!
    if (file.offsetBytes === 4) view.setUint32(at, offset)
    else view.setBigUint64(at, BigInt(offset))
  })
}

function rows(
  rowBytes: number,
  from: number,
  to: number,
  write: (view: DataView, at: number, row: number) => void,
): Uint8Array {
  const first = Math.floor(from / rowBytes)
  const bytes = new Uint8Array((Math.ceil(to / rowBytes) - first) * rowBytes)
  const view = new DataView(bytes.buffer)
  for (let at = 0; at < bytes.length; at += rowBytes) write(view, at, first + at / rowBytes)
  return bytes.subarray(from - first * rowBytes, to - first * rowBytes)
}
