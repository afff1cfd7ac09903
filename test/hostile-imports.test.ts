import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { failure } from '../src/http/contract/field-contract.ts'
import { type Chapter } from '../src/http/contract/novel-contract.ts'
import { health } from '../src/http/contract/health-contract.ts'
import { badBooks } from './fixtures/bad-books.ts'
import { buildEpub } from './fixtures/epub.ts'
import { startApplication } from './program/in-process-application.ts'

// Files that are no books, each told from a good one by one sentence that helps.

const here = await startApplication()
afterAll(() => here[Symbol.asyncDispose]())
const { api } = here
const kept = await api.add(new TextEncoder().encode('Chapter 1\n\nThis book is all right.'), 'good.txt')

/** Whatever came before, nothing is harmed by it and nothing is left of it. */
afterEach(async () => {
  health.parse(await api.json('/api/health'))
  const { novels } = await api.json<{ novels: { id: string }[] }>('/api/novels')
  expect(novels.map(({ id }) => id)).toEqual([kept.novel.id])
  expect(await readdir(join(here.data, 'incoming'))).toEqual([])
  expect(await readdir(join(here.data, 'sources'))).toHaveLength(2)
  expect(await readdir(join(here.data, 'covers'))).toHaveLength(0)
})

test.for(badBooks)('$name is refused as $code', async ({ name, bytes, status, code }) => {
  const response = await api.upload(await bytes(), name)
  const told = failure.parse(await response.json())
  expect({ ...told, status: response.status }).toMatchObject({ status, code })
  expect(told.error).toContain(name)
  expect(told.error).not.toMatch(/\/(tmp|home|work|src|node_modules)\/|\bat \w+ \(|Error:|undefined|\{/)
})

test('entities that reach for files of the server stay what they are', async () => {
  const book = await buildEpub({
    title: 'Reaching Out',
    pages: [
      {
        name: 'one.xhtml',
        body: `<?xml version="1.0"?><!DOCTYPE html [<!ENTITY file SYSTEM "file:///etc/passwd"><!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body><h1>One</h1><p>Here stands &file; and &b; in the middle.</p></body></html>`,
      },
    ],
  })
  const { novel } = await api.add(book, 'entities.epub')
  const { chapter } = await api.json<{ chapter: Chapter }>(`/api/novels/${novel.id}/chapters/1`)
  const text = chapter.blocks.map((block) => block.text).join(' ')
  expect(text).toContain('Here stands')
  expect(text).not.toMatch(/root:|aaaaaaaaaaaa/)
  await api.fetch(`/api/novels/${novel.id}?forever=true`, { method: 'DELETE' })
})

test('a text in an old encoding is read in it, and the report says which', async () => {
  const bytes = new Uint8Array(
    Buffer.from(
      'Kapitel 1\n\nDie Tür öffnete sich, und ein Mädchen ging über die Straße zum Schloß.\n\nÄrgerlich schüttelte er den Kopf; das größte Übel aber blieb.',
      'latin1',
    ),
  )
  const { novel } = await api.add(bytes, 'old.txt')
  expect(novel.report.encoding).toMatch(/1252|8859/)
  const { chapter } = await api.json<{ chapter: Chapter }>(`/api/novels/${novel.id}/chapters/1`)
  expect(chapter.blocks.map((block) => block.text).join(' ')).toContain('Mädchen ging über die Straße')
  await api.fetch(`/api/novels/${novel.id}?forever=true`, { method: 'DELETE' })
})
