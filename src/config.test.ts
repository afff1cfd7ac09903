import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readSettings, settings } from './config.ts'

test('a setting that is left out or empty has its standard value', () => {
  expect(readSettings({ PORT: '' })).toMatchObject({
    PORT: 4747,
    HOST: '127.0.0.1',
    NIGHTJAR_DATA: './data',
    NIGHTJAR_UPLOAD_LIMIT: 500,
  })
})

test.for([
  ['PORT', 'http'],
  ['NIGHTJAR_SPEAKERS', '0'],
  ['NIGHTJAR_LOG', 'loud'],
  ['NIGHTJAR_PAUSE_SENTENCE', '-1'],
] as const)('a wrong %s is named', ([name, value]) => {
  expect(() => readSettings({ [name]: value })).toThrow(new RegExp(`A setting is not right: ${name}: `))
})

test('the README tells every setting with its standard value and its meaning', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  for (const [name, setting] of Object.entries(settings.shape)) {
    const standard = name === 'NIGHTJAR_SPEAKERS' ? 'cores' : String(setting.parse(undefined))
    expect(readme).toContain(`| \`${name}\` | ${standard} | ${setting.description} |`)
  }
})
