/** Nearest-rank percentile, `part` 0…1: always one of the values, never interpolated. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  const rank = Math.max(1, Math.ceil(part * sorted.length))
  const value = sorted[rank - 1]
  if (value === undefined) throw new RangeError('There is no percentile of nothing')
  return value
}

/** The mean of the middle two for an even number of values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const [lower, upper] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  if (lower === undefined || upper === undefined) throw new RangeError('There is no median of nothing')
  return (lower + upper) / 2
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** Up to three significant digits and two decimals: 0.04, 1.23, 12.3, 123. */
export function figure(value: number): string {
  const decimals = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toFixed(decimals)
}
