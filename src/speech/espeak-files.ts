import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { FileNode, Module } from '@echogarden/espeak-ng-emscripten'

/**
 * The library loads 24 MB of dictionaries for all its languages into memory, of which a process needs a few hundred kB.
 * From here on its files are read from the disk, where they stand one after the other in one file. Returns what closes
 * that file. Leaves everything as it is where the files are kept in another way.
 */
export function readFilesFromDisk({ FS }: Module): () => void {
  const file = openSync(
    createRequire(import.meta.url).resolve('@echogarden/espeak-ng-emscripten/espeak-ng.data'),
    'r',
  )
  const { size } = fstatSync(file)
  const loaded = new Set<ArrayBuffer>()
  for (const node of filesBelow(FS.root)) {
    const { buffer, byteOffset, byteLength } = node.contents
    if (!(buffer instanceof ArrayBuffer) || buffer.byteLength !== size) continue
    loaded.add(buffer)
    node.stream_ops = {
      ...node.stream_ops,
      read: (_, target, offset, length, position) => {
        const count = Math.min(length, byteLength - position)
        return count > 0 ? readSync(file, target, offset, count, byteOffset + position) : 0
      },
    }
  }
  for (const buffer of loaded) buffer.transfer(0)
  return () => closeSync(file)
}

function filesBelow(folder: FileNode): (FileNode & { contents: Uint8Array })[] {
  if (folder.contents === null || folder.contents === undefined) return []
  if (folder.contents instanceof Uint8Array) return [folder as FileNode & { contents: Uint8Array }]
  return Object.values(folder.contents).flatMap(filesBelow)
}
