/** An address with these values in its query behind what stands there; those that are `undefined` are left out. */
export function withQuery(
  address: string,
  values: Readonly<Record<string, string | number | undefined>>,
): string {
  const given = Object.entries(values).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  )
  if (given.length === 0) return address
  return `${address}${address.includes('?') ? '&' : '?'}${new URLSearchParams(given)}`
}
