import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readFile, rename } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { freeBuffers } from './free-buffers.ts'
import { dequantizeRewriting } from './onnx-dequantize.ts'
import { applyRewritings, durationsTensor, readGraph } from './onnx-graph.ts'
import { hasHalfPrecision, singlePrecision } from './onnx-half-precision.ts'
import { noiseRewriting } from './onnx-noise.ts'
import { nodeField, untypedOutputField } from './onnx-writer.ts'
import { lengthField } from './protobuf.ts'

/** The output of a prepared model with each id's length in frames. */
export const preparedDurations = 'nightjar/durations'

/** `ModelProto.producer_name`, with which a prepared file begins. Increased whenever the same file would become another. */
const mark = lengthField(2, 'nightjar prepared 1')

/** Whether the file was written by `prepareModel`. */
export async function isPrepared(path: string): Promise<boolean> {
  await using file = await open(path)
  const head = new Uint8Array(mark.length)
  const { bytesRead } = await file.read(head)
  return bytesRead === head.length && Buffer.compare(head, mark) === 0
}

/**
 * Rewrites a large model once, so that the runtime can load the file as it is, which needs half the memory: floats of
 * single precision instead of 8-bit integers or half precision, durations as an output, random numbers as inputs. The
 * file is replaced; one that is prepared already stays. The same file gives the same bytes. Throws an `Error` with one
 * sentence for users.
 */
export async function prepareModel(path: string): Promise<void> {
  if (await isPrepared(path)) return
  const file = inSinglePrecision(await readFile(path))
  const graph = readGraph(file)
  const durations = durationsTensor(graph)
  const floats = applyRewritings(file, [
    dequantizeRewriting(file, graph),
    noiseRewriting(graph),
    {
      additions:
        durations === undefined
          ? []
          : [nodeField('Identity', [durations], [preparedDurations]), untypedOutputField(preparedDurations)],
    },
  ])
  const target = `${path}.prepared`
  await using out = await open(target, 'w')
  await writeWhole(out, mark)
  for (const part of floats) {
    await writeWhole(out, part)
    freeBuffers(part)
  }
  freeBuffers(file)
  await out.sync()
  await rename(target, path)
}

/** SHA-256 of a file, hex, read block by block. */
export async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}

function inSinglePrecision(file: Uint8Array): Uint8Array {
  if (!hasHalfPrecision(file)) return file
  const parts = singlePrecision(file)
  const single = Buffer.concat(parts)
  freeBuffers(file, ...parts)
  return single
}

async function writeWhole(
  file: { write(bytes: Uint8Array, offset: number): Promise<{ bytesWritten: number }> },
  bytes: Uint8Array,
): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten
}
