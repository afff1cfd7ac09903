import { expect, test } from 'vitest'
import { isFull, isStorageError, isUnwritable } from './storage-errors.ts'

const sqlite = (errcode: number) => Object.assign(new Error('of SQLite'), { errcode })
const postgres = (code: string) => Object.assign(new Error('of Postgres'), { severity: 'ERROR', code })

test.each<[string, Error, { full?: boolean; unwritable?: boolean }]>([
  ['SQLITE_FULL', sqlite(13), { full: true }],
  ['SQLITE_IOERR_WRITE', sqlite(778), { unwritable: true }],
  ['SQLITE_BUSY', sqlite(5), {}],
  ['a full disk of the server', postgres('53100'), { full: true }],
  ['a lost connection', postgres('08006'), {}],
  ['a server that stops', postgres('57P01'), {}],
  ['a standby', postgres('25006'), { unwritable: true }],
  ['a deadlock', postgres('40P01'), {}],
])('%s is trouble of the storage', (_, error, { full = false, unwritable = false }) => {
  expect([isStorageError(error), isFull(error), isUnwritable(error)]).toEqual([true, full, unwritable])
})

test.each([
  ['a violated constraint', postgres('23505')],
  ['a wrong statement', postgres('42601')],
  ['SQLITE_CONSTRAINT', sqlite(19)],
  ['a lost connection to another server', Object.assign(new Error('reset'), { code: 'ECONNRESET' })],
])('%s is not', (_, error) => {
  expect([isStorageError(error), isFull(error), isUnwritable(error)]).toEqual([false, false, false])
})
