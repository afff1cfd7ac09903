import { pino } from 'pino'
import { expect, test } from 'vitest'
import { logTroubleOnce } from './repeated-trouble.ts'

test('trouble of the storage is logged once a minute by each place that meets it; all else always', () => {
  const lines: { msg: string; leftOut?: number }[] = []
  let now = 0
  const log = pino(
    { hooks: logTroubleOnce(() => now) },
    { write: (line) => void lines.push(JSON.parse(line)) },
  )
  const away = () => Object.assign(new Error('connect ECONNREFUSED'), { severity: 'FATAL', code: '08006' })
  const meet = () => {
    log.error({ err: away() }, 'no job could be taken')
    log.child({ requestId: '1' }).warn({ err: away() }, 'claims could not be renewed')
    log.error({ err: new Error('a fault') }, 'no job could be taken')
  }
  for (; now < 59_000; now += 1000) meet()
  expect(lines.filter(({ msg }) => msg === 'claims could not be renewed')).toHaveLength(1)
  expect(lines.filter(({ msg }) => msg === 'no job could be taken')).toHaveLength(60)
  now = 60_000
  meet()
  expect(lines.at(-3)).toMatchObject({ leftOut: 58, msg: 'no job could be taken' })
  expect(lines).toHaveLength(64)
})
