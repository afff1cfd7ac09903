import { expect, test } from 'vitest'
import { s3Address } from './s3-address.ts'

test('the address of a bucket', () => {
  expect(s3Address('s3://books?endpoint=http://127.0.0.1:9000')).toEqual({
    endpoint: 'http://127.0.0.1:9000',
    bucket: 'books',
    prefix: '',
    region: 'us-east-1',
    name: 's3://books at 127.0.0.1:9000',
  })
  expect(s3Address('s3://books/at/home/?region=eu-central-1')).toMatchObject({
    endpoint: 'https://s3.eu-central-1.amazonaws.com',
    prefix: 'at/home/',
    region: 'eu-central-1',
  })
})

test.for([
  'books',
  'https://books',
  's3://',
  's3://Books_1',
  's3://b',
  's3://key:secret@books',
  's3://books?endpoint=ftp://host',
  's3://books?endpoint=host:9000',
  's3://books?endpoint=http://user:secret@host',
  's3://books?endpoint=http://host/path',
  's3://books?endpoint=http://host&x=1',
  's3://books?region=a b',
  's3://books/a//b',
  's3://books/a b',
])('%s is no address of a bucket', (address) => {
  expect(() => s3Address(address)).toThrow(RangeError)
})
