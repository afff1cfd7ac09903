import { crc32, deflateSync } from 'node:zlib'

const width = 300
const height = 450
/** Colours of the background and of the ribbon across it. */
const paper = [0xf6, 0xf1, 0xe7] as const
const amber = [0xd9, 0x93, 0x2f] as const
const ribbon = { from: 300, to: 318 } as const

let cachedCover: Uint8Array | undefined

/** A PNG (ISO/IEC 15948) for novels without a cover. */
export function placeholderCover(): Uint8Array {
  cachedCover ??= Buffer.concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    // 11.2.2: 8 bits per sample, indexed colour (2 entries), no interlacing.
    pngChunk('IHDR', Buffer.concat([u32(width), u32(height), Uint8Array.of(8, 3, 0, 0, 0)])),
    pngChunk('PLTE', Uint8Array.of(...paper, ...amber)),
    pngChunk('IDAT', deflateSync(rows())),
    pngChunk('IEND', new Uint8Array()),
  ])
  return cachedCover
}

/** Each row begins with its filter type, 0: none. */
function rows(): Uint8Array {
  const pixels = new Uint8Array((width + 1) * height)
  for (let row = ribbon.from; row < ribbon.to; row++) {
    pixels.fill(1, row * (width + 1) + 1, (row + 1) * (width + 1))
  }
  return pixels
}

function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  return Buffer.concat([u32(data.length), body, u32(crc32(body))])
}

function u32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
