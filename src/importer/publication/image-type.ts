import type { ImageType } from '../../novel/book-layout.ts'

/** Detects the image type by its first bytes, whatever the manifest declares. */
export function imageTypeOfBytes(bytes: Uint8Array): ImageType | undefined {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 1024))
  if (head.startsWith('ÿØÿ')) return 'jpg'
  if (head.startsWith('‰PNG')) return 'png'
  if (head.startsWith('GIF8')) return 'gif'
  if (head.startsWith('RIFF') && head.startsWith('WEBP', 8)) return 'webp'
  return /<svg[\s>]/.test(head) && !/<html[\s>]/i.test(head) ? 'svg' : undefined
}
