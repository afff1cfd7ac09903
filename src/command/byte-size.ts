import { Failure } from '../novel/failure.ts'

const byteUnits: Readonly<Record<string, number>> = {
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
}

/** `500MB`, `1.5 GB`, `700MiB`, in bytes. Throws `request.invalid`. */
export function parseByteSize(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,9}(?:\.\d{1,9})?) ?([kmg]i?b)$/i.exec(text.trim()) ?? []
  const bytes = Math.floor(Number(number) * (byteUnits[unit.toLowerCase()] ?? 0))
  if (bytes >= 1) return bytes
  throw new Failure('request.invalid', { detail: `"${text}" is no size; write it as 500MB or 1.5GB` })
}
