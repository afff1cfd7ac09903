/** `63 MB`, `7.9 MB`, `4 kB`: as disks and downloads are counted, in thousands. */
export function sizeWords(bytes: number): string {
  if (bytes <= 999_000) return `${Math.ceil(bytes / 1e3)} kB`
  if (bytes < 999.5e6) return `${(bytes / 1e6).toFixed(bytes < 9.95e6 ? 1 : 0)} MB`
  return `${(bytes / 1e9).toFixed(1)} GB`
}

/** `12 of 63 MB`, in the unit of the whole. */
export function partWords(done: number, total: number): string {
  const [figure = '', unit = ''] = sizeWords(total).split(' ')
  const scale = unit === 'GB' ? 1e9 : unit === 'MB' ? 1e6 : 1e3
  const digits = figure.split('.')[1]?.length ?? 0
  return `${(done / scale).toFixed(digits)} of ${figure} ${unit}`
}
