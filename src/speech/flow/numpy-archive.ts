import { fromBufferPromise } from 'yauzl'

/** The most bytes of one array: the largest real one has 51 kB. */
const maxArrayBytes = 1 << 24

/**
 * Reads arrays of floats from an archive of NumPy's (`numpy.savez`: a zip of `.npy` files, each with a header in
 * Python's notation; numpy/lib/format.py). Throws an `Error` with one sentence for users.
 */
export async function readNumpyArchive(
  bytes: Uint8Array,
): Promise<ReadonlyMap<string, Float32Array<ArrayBuffer>>> {
  const arrays = new Map<string, Float32Array<ArrayBuffer>>()
  try {
    const zip = await fromBufferPromise(Buffer.from(bytes), { lazyEntries: true })
    for await (const entry of zip.eachEntry()) {
      if (!entry.fileName.endsWith('.npy')) continue
      if (entry.uncompressedSize > maxArrayBytes) throw new RangeError('an array is too large')
      const chunks: Uint8Array[] = []
      for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Uint8Array)
      const array = parseArray(Buffer.concat(chunks))
      if (array) arrays.set(entry.fileName.slice(0, -4), array)
    }
  } catch (cause) {
    throw new Error('its constants are no archive of arrays, or only a part of one', { cause })
  }
  return arrays
}

/** `undefined`: not of floats in C order. Throws `RangeError` if it is cut off. */
function parseArray(file: Buffer): Float32Array<ArrayBuffer> | undefined {
  if (file.toString('latin1', 0, 6) !== '\x93NUMPY') throw new RangeError('it is no array')
  const headAt = file[6] === 1 ? 10 : 12
  const headBytes = file[6] === 1 ? file.readUInt16LE(8) : file.readUInt32LE(8)
  const head = file.toString('latin1', headAt, headAt + headBytes)
  const [, type] = /'descr':\s*'<f([48])'/.exec(head) ?? []
  const [, shape = ''] = /'shape':\s*\(([\d,\s]*)\)/.exec(head) ?? []
  if (type === undefined || !/'fortran_order':\s*False/.test(head)) return undefined
  const length = (shape.match(/\d+/g) ?? []).reduce((size, part) => size * Number(part), 1)
  const at = headAt + headBytes
  return Float32Array.from({ length }, (_, index) =>
    type === '4' ? file.readFloatLE(at + 4 * index) : file.readDoubleLE(at + 8 * index),
  )
}
