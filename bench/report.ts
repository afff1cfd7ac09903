/** A row of the table: budget and measurement. */
export interface Row {
  readonly what: string
  readonly budget: string
  readonly measured: string
  readonly met: boolean
}

/** A separate table, such as CPU time by stage. */
export interface Breakdown {
  readonly title: string
  readonly columns: readonly string[]
  readonly lines: readonly (readonly string[])[]
}

/** The result of a measurement. */
export interface Measured {
  readonly rows: readonly Row[]
  readonly breakdowns?: readonly Breakdown[]
}

/** The tables as Markdown, as in `docs/performance.md`; a missed budget is bold. */
export function report(about: string, measured: readonly Measured[]): string {
  const rows = measured.flatMap((one) => one.rows)
  const lines = rows.map((row) => [row.what, row.budget, row.met ? row.measured : `**${row.measured}**`])
  const missed = rows.filter((row) => !row.met).length
  const parts = [about, table(['what', 'budget', 'measured'], lines)]
  if (missed > 0) parts.push(`${missed} of ${rows.length} over budget, in bold.`)
  for (const { title, columns, lines: own } of measured.flatMap((one) => one.breakdowns ?? [])) {
    parts.push(`${title}\n\n${table(columns, own)}`)
  }
  return `${parts.join('\n\n')}\n`
}

export function table(columns: readonly string[], lines: readonly (readonly string[])[]): string {
  return [line(columns), `|${columns.map(() => '---').join('|')}|`, ...lines.map(line)].join('\n')
}

/** Escapes bars, which would end a cell. */
function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`
}
